/** How uncertain the areas under the curves are because patients differ: a bootstrap of patients. */
import type { Interval } from "../../contract/domain/evaluation.ts";
import { randomStream } from "../random.ts";
import { percentiles } from "./percentiles.ts";

/** Fewer than of other metrics: each resample passes all beats for every class, 250 ms for 50,000 beats and 500 resamples. */
const RESAMPLES = 500;

/** Probabilities of the test beats, beats × classes, with the true class and the patient of each beat, from 0. */
export interface PatientScores {
  probabilities: Float32Array;
  truth: Uint8Array;
  patient: Uint16Array;
}

interface AreaIntervals {
  macroRocArea: Interval | null;
  macroAveragePrecision: Interval | null;
  /** Null where the class is in no resample. */
  perClass: { rocArea: Interval | null; averagePrecision: Interval | null }[];
}

/** Returns 95 % percentile intervals of AUROC and average precision, of each class and of their mean. */
export function areaIntervals(scores: PatientScores, patients: number, classes: number, seed: number): AreaIntervals {
  const random = randomStream(seed, "patient bootstrap of areas");
  const ordered = Array.from({ length: classes }, (_, number) => orderedScores(scores, classes, number));
  const samples = ordered.map(() => ({ rocArea: [] as number[], averagePrecision: [] as number[] }));
  const macro = { rocArea: [] as number[], averagePrecision: [] as number[] };
  const weights = new Uint32Array(patients);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    weights.fill(0);
    for (let drawn = 0; drawn < patients; drawn++) weights[random.below(patients)]++;
    const areas = ordered.map((order) => weightedAreas(order, weights));
    const mean = { rocArea: [] as number[], averagePrecision: [] as number[] };
    areas.forEach(({ rocArea, averagePrecision }, number) => {
      if (Number.isFinite(averagePrecision)) {
        samples[number].averagePrecision.push(averagePrecision);
        mean.averagePrecision.push(averagePrecision);
      }
      if (Number.isFinite(rocArea)) {
        samples[number].rocArea.push(rocArea);
        mean.rocArea.push(rocArea);
      }
    });
    if (mean.rocArea.length > 0) macro.rocArea.push(average(mean.rocArea));
    if (mean.averagePrecision.length > 0) macro.averagePrecision.push(average(mean.averagePrecision));
  }
  const interval = (values: number[]): Interval | null => (values.length === 0 ? null : percentiles(values));
  return {
    macroRocArea: interval(macro.rocArea),
    macroAveragePrecision: interval(macro.averagePrecision),
    perClass: samples.map(({ rocArea, averagePrecision }) => ({
      rocArea: interval(rocArea),
      averagePrecision: interval(averagePrecision),
    })),
  };
}

interface OrderedScores {
  /** Patient of each beat, and whether it is of the class, from the highest score down. */
  patient: Uint16Array;
  isOf: Uint8Array;
  /** 1 at the last beat of each score. */
  isLast: Uint8Array;
}

function orderedScores(
  { probabilities, truth, patient }: PatientScores,
  classes: number,
  number: number,
): OrderedScores {
  const score = (beat: number): number => probabilities[beat * classes + number];
  const order = Uint32Array.from(truth.keys()).sort((a, b) => score(b) - score(a));
  return {
    patient: Uint16Array.from(order, (beat) => patient[beat]),
    isOf: Uint8Array.from(order, (beat) => (truth[beat] === number ? 1 : 0)),
    isLast: Uint8Array.from(order, (beat, i) =>
      i === order.length - 1 || score(order[i + 1]) !== score(beat) ? 1 : 0,
    ),
  };
}

/** Returns both areas of beats that count as often as their patient was drawn; NaN where a class does not occur. */
function weightedAreas(
  { patient, isOf, isLast }: OrderedScores,
  weights: Uint32Array,
): { rocArea: number; averagePrecision: number } {
  let [truePositives, falsePositives, lastTrue, lastFalse] = [0, 0, 0, 0];
  let [area, precision] = [0, 0];
  for (let i = 0; i < patient.length; i++) {
    const weight = weights[patient[i]];
    if (isOf[i] === 1) truePositives += weight;
    else falsePositives += weight;
    if (isLast[i] === 0) continue;
    area += ((truePositives + lastTrue) / 2) * (falsePositives - lastFalse);
    if (truePositives > lastTrue) {
      precision += (truePositives - lastTrue) * (truePositives / (truePositives + falsePositives));
    }
    [lastTrue, lastFalse] = [truePositives, falsePositives];
  }
  return { rocArea: area / (truePositives * falsePositives), averagePrecision: precision / truePositives };
}

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
