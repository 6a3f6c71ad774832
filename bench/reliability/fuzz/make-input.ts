/**
 * The input of a case follows from the seed, the target's name and the case's number alone, so each can be made again.
 */
import { randomStream } from "../../../src/pipeline/random.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { mutateJson } from "./mutate-json.ts";
import type { Form, Input, Target } from "./target.ts";

/** One in this number of mutations treats a JSON document as bytes. */
const JSON_AS_BYTES_ODDS = 6;
const MAX_MUTATIONS = 8;

/** The first cases are the unchanged examples. */
export function makeInput(target: Target, examples: readonly Input[], seed: number, number: number): Input {
  if (number < examples.length) return examples[number];
  const random = randomStream(seed, target.name, number);
  const pick = (): Input => examples[random.below(examples.length)];
  const parts = [...pick()];
  const forms: Form[] = Object.values(target.parts);
  // One mutation is most likely: parsers read furthest into such inputs.
  const mutations = 1 + Math.floor(MAX_MUTATIONS * random.uniform() ** 3);
  for (let i = 0; i < mutations; i++) {
    const part = random.below(parts.length);
    const other = pick()[part];
    const asDocument = forms[part] === "json" && random.below(JSON_AS_BYTES_ODDS) > 0;
    parts[part] =
      (asDocument ? mutateJson(parts[part], other, target.tokens, random) : null) ??
      mutateBytes(parts[part], { tokens: target.tokens, isText: forms[part] !== "bytes", other }, random);
  }
  return parts;
}
