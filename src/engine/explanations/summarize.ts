/** Sums an explanation up for people: samples of the beat, features, and neighbours. */
import type { BeatExplanation, ExplainedBeat } from "../../contract/domain/explanations.ts";
import type { ExplainedInput, Explanation } from "./explain.ts";

export interface ExplainedExample {
  explanation: Explanation;
  /** Values of each input, in the order of the explanation's inputs. */
  inputs: readonly Float32Array[];
  channels: number;
  featureNames: readonly string[];
  /** Neighbours of a beat in a sequence; absent: no sequences. */
  sequence?: { before: number; after: number };
}

/** Returns an explanation by sample, feature and neighbour. */
export function summarize({
  explanation: { logOdds, inputs: explained },
  inputs,
  channels,
  featureNames,
  sequence,
}: ExplainedExample): Omit<BeatExplanation, "label"> {
  const find = (id: ExplainedInput["id"]): ExplainedInput | undefined => explained.find((each) => each.id === id);
  const beat = find("input");
  const ofFeatures = [find("rhythm"), find("sequence")].filter((input) => input !== undefined);
  const steps = find("sequence");
  return {
    logOdds,
    beat: beat === undefined ? null : explainedBeat(beat, inputs[explained.indexOf(beat)], channels),
    features:
      ofFeatures.length === 0
        ? null
        : {
            names: [...featureNames],
            contributions: sumBy(featureNames.length, ofFeatures, (i) => i % featureNames.length),
          },
    neighbours:
      steps === undefined || sequence === undefined
        ? null
        : {
            ...sequence,
            contributions: sumBy(steps.shape[0], [steps], (i) => Math.floor(i / featureNames.length)),
          },
  };
}

function sumBy(count: number, inputs: readonly ExplainedInput[], groupOf: (index: number) => number): Float32Array {
  const sums = new Float32Array(count);
  for (const { integrated } of inputs) integrated.forEach((value, i) => (sums[groupOf(i)] += value));
  return sums;
}

function explainedBeat({ integrated, guided }: ExplainedInput, values: Float32Array, channels: number): ExplainedBeat {
  const bySample = (of: Float32Array): number[] =>
    Array.from({ length: of.length / channels }, (_, t) =>
      of.subarray(t * channels, (t + 1) * channels).reduce((sum, value) => sum + Math.abs(value), 0),
    );
  const agreement = guided === null ? null : rankCorrelation(bySample(integrated), bySample(guided));
  return { values, channels, contributions: integrated, guided, agreement };
}

/** Returns Spearman's rank correlation: the correlation of the ranks, where equal values share their mean rank. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((rank, i) => {
    const [dx, dy] = [rank - mean, y[i] - mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((i, j) => values[i] - values[j]);
  const result = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let k = from; k < to; k++) result[order[k]] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}
