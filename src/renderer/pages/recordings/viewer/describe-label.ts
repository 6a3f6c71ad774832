/** Describes the label of a beat for the status line: its probability, and what a second annotation set has. Pure. */
import { UNLIKE_FLAG, UNSURE_FLAG } from "../../../../contract/domain/annotation-sets.ts";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";
import { formatMetric } from "../../../base/format.ts";
import { firstFrom } from "./events.ts";
import type { OpenedRecord } from "./use-record.ts";

/** Longest distance in s between the times of two annotators for one beat, as in EC57. */
const MATCH_WINDOW_S = 0.15;

/** Returns texts on the beat at a sample; empty where the sets add nothing. */
export function describeLabel(
  { annotations, set, compared, rate }: Pick<OpenedRecord, "annotations" | "set" | "compared" | "rate">,
  sample: number,
): string[] {
  const texts = describeProbability(annotations, sample);
  if (compared === undefined) return texts;
  const both = [
    { name: set ?? "shown", annotations },
    { name: compared.name, annotations: compared.annotations },
  ];
  const window = Math.round(MATCH_WINDOW_S * rate);
  return [...texts, ...both.map((each) => `${each.name}: ${beatNear(each.annotations, sample, window) ?? "no beat"}`)];
}

function describeProbability({ samples, probabilities, flags }: AnnotationColumns, sample: number): string[] {
  const index = firstFrom(samples, sample);
  if (samples[index] !== sample) return [];
  const [probability, flag] = [probabilities?.[index] ?? Number.NaN, flags?.[index] ?? 0];
  return [
    ...(Number.isNaN(probability) ? [] : [`probability ${formatMetric(probability)}`]),
    ...((flag & UNSURE_FLAG) !== 0 ? ["unsure"] : []),
    ...((flag & UNLIKE_FLAG) !== 0 ? ["unlike the training set"] : []),
  ];
}

/** Returns the symbol of the beat nearest to a sample; undefined: none within the window. */
function beatNear({ samples, symbols, beats }: AnnotationColumns, sample: number, window: number): string | undefined {
  let [nearest, least]: [string | undefined, number] = [undefined, window + 1];
  for (let i = firstFrom(samples, Math.max(0, sample - window)); samples[i] <= sample + window; i++) {
    const distance = Math.abs(samples[i] - sample);
    if (beats[i] === 1 && distance < least) [nearest, least] = [symbols[i], distance];
  }
  return nearest;
}
