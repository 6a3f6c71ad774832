/** A trained network as plain values, read from a run's folder: the input of every export. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import { kerasOrder } from "../networks/keras-order.ts";

export interface Weight {
  /** Name within its layer, such as `kernel`, or `forward_lstm/kernel` of a bidirectional layer. */
  name: string;
  shape: number[];
  /** Row major. */
  values: Float32Array;
}

export interface TrainedModel {
  spec: NetworkSpec;
  shape: NetworkShape;
  /**
   * Weights by layer id, in Keras' order: kernel, recurrent kernel, bias; gamma, beta, moving mean, moving variance.
   */
  weights: ReadonlyMap<string, readonly Weight[]>;
}

const manifestSchema = z.object({
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(z.object({ name: z.string(), shape: z.array(z.int().min(0)), dtype: z.literal("float32") })),
    }),
  ),
});

/**
 * Reads the networks of a model: one, or those of an ensemble's members.
 * @param folder written by `saveModel` or `saveEnsemble` (model-files.ts)
 * @throws EctopyError `damaged-file`
 */
export function readTrainedModels(
  folder: string,
  specs: readonly NetworkSpec[],
  shape: NetworkShape,
): [TrainedModel, ...TrainedModel[]] {
  const all = readWeights(folder);
  const [first, ...others] = specs.map((spec, member): TrainedModel => {
    const prefix = memberPrefix(specs.length, member);
    const own = [...all].filter(([layer]) => layer.startsWith(prefix));
    return { spec, shape, weights: new Map(own.map(([layer, of]) => [layer.slice(prefix.length), of])) };
  });
  return [first, ...others];
}

/** Returns what precedes the names of a member's layers in a model's files; nothing where the model is no ensemble. */
export function memberPrefix(members: number, member: number): string {
  return members === 1 ? "" : `m${member + 1}_`;
}

/** Returns the weights by layer. */
function readWeights(folder: string): Map<string, Weight[]> {
  try {
    const { weightsManifest } = manifestSchema.parse(JSON.parse(readFileSync(join(folder, "model.json"), "utf8")));
    const listed = weightsManifest.flatMap(({ weights }) => weights);
    const file = readFileSync(join(folder, "weights.bin"));
    const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
    const weights = new Map<string, Weight[]>();
    let offset = 0;
    for (const { name, shape } of listed) {
      const size = shape.reduce((a, b) => a * b, 1);
      const slash = name.indexOf("/");
      const layer = name.slice(0, slash);
      const of = weights.get(layer) ?? [];
      // A view beyond the end throws.
      of.push({ name: name.slice(slash + 1), shape, values: new Float32Array(bytes, offset, size) });
      weights.set(layer, of);
      offset += 4 * size;
    }
    if (offset !== bytes.byteLength) throw new Error("weights.bin does not have the size that model.json lists.");
    return weights;
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** Returns the SHA-256 over a model's weights, in hexadecimal. @throws EctopyError `damaged-file` */
export function modelFingerprint(folder: string): string {
  try {
    return createHash("sha256")
      .update(readFileSync(join(folder, "weights.bin")))
      .digest("hex");
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

function unreadable(folder: string, cause: unknown): EctopyError {
  return new EctopyError("damaged-file", `The model in ${folder} can't be read.`, "Train it again.", { cause });
}

/** Returns a weight of a layer. @throws Error where the layer does not have it */
export function weightOf({ weights }: TrainedModel, layer: string, name: string): Weight {
  const weight = weights.get(layer)?.find((each) => each.name === name);
  if (weight === undefined) throw new Error(`The layer ${layer} has no ${name}.`);
  return weight;
}

/** Returns all weights in a network's order (network.ts): trainable ones by layer, then moving means and variances. */
export function weightsInOrder({ spec, weights }: TrainedModel): Float32Array[] {
  const listed = kerasOrder(spec).flatMap((id) => weights.get(id) ?? []);
  const isMoving = ({ name }: Weight): boolean => name.startsWith("moving_");
  return [...listed.filter((weight) => !isMoving(weight)), ...listed.filter(isMoving)].map(({ values }) => values);
}
