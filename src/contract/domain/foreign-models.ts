/** Models from files: what a file says of its model, and what the user says where the file does not. */
import { windowOf, type PreparationSettings } from "./preparation.ts";

/** What is known of a model before it is evaluated on a preparation. */
export interface ForeignModel {
  outputs: number;
  /** Samples of a beat. */
  windowLength: number;
  /** Whether window and number of classes are the preparation's: else it can't be evaluated on it. */
  fits: boolean;
  /** Classes of the outputs, in their order; null: the file does not name them. */
  classes: string[] | null;
  /** Differences between the recipe in the file and the preparation, each one sentence. */
  differences: string[];
  /** Whether the file has a recipe: Ectopy wrote it. */
  hasRecipe: boolean;
  /**
   * Recordings of the test set that trained the model, by their samples, or whose patients did; null: the file does not name
   * its training recordings, or the preparation has no recordings.
   */
  trainedOnTest: string[] | null;
}

/** Choices for the evaluation of a model from a file. */
export interface EvaluationChoices {
  /** Classes of the outputs, in their order; needed where the file does not name them. */
  classes?: readonly string[] | undefined;
  /** Evaluates although the preparation differs from the recipe in the file. */
  acceptDifferences?: boolean | undefined;
}

/**
 * Orders in which programs list classes, for a choice: the preparation's, and the alphabetical one, which label
 * encoders make (F, N, Q, S, V).
 */
export function commonOrders(labels: readonly string[]): string[][] {
  const alphabetical = [...labels].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const orders = [[...labels], alphabetical];
  return orders.filter((order, i) => orders.findIndex((other) => other.join() === order.join()) === i);
}

/** Returns whether an order names each class once. */
export function isOrderOf(order: readonly string[], labels: readonly string[]): boolean {
  return (
    order.length === labels.length &&
    new Set(order).size === labels.length &&
    order.every((each) => labels.includes(each))
  );
}

/** Parts of a model card that say how beats must be prepared. */
export interface Recipe {
  /** A rate of null, and of 0 in a preparation: unknown. */
  input: { rate: number | null; before: number; after: number; signal?: number | undefined; leads: string[] };
  preprocessing: { denoising: string; wavelet: string; levels: number; threshold: string; normalisation: string };
}

/** A preparation, as far as a recipe is compared with it. */
export interface PreparedAs {
  settings: PreparationSettings;
  /** Sampling rate in Hz. */
  rate: number;
  /** Names of the lead in the recordings. */
  leads: readonly string[];
}

/** Returns the differences between a recipe and a preparation, each one sentence. */
export function recipeDifferences({ input, preprocessing }: Recipe, { settings, rate, leads }: PreparedAs): string[] {
  const { denoising, wavelet, levels, threshold, normalisation } = settings;
  const window = windowOf(settings, rate);
  const rows: [string, string, string][] = [
    ["Sampling rate", rateText(input.rate), rateText(rate)],
    ["Window", `${input.before} + ${input.after} samples`, `${window.before} + ${window.after} samples`],
    ["Lead", namesOf(input.leads), namesOf(leads)],
    ["Filter", preprocessing.denoising, denoising],
    ...(preprocessing.denoising === "none" || denoising === "none"
      ? []
      : ([
          [
            "Wavelet",
            `${preprocessing.wavelet}, ${preprocessing.levels} levels, ${preprocessing.threshold}`,
            `${wavelet}, ${levels} levels, ${threshold}`,
          ],
        ] satisfies [string, string, string][])),
    ["Normalisation", preprocessing.normalisation, normalisation],
  ];
  return rows
    .filter(([, model, preparation]) => model !== preparation)
    .map(
      ([what, model, preparation]) => `${what}: ${model} in the model's training, ${preparation} in the preparation.`,
    );
}

function rateText(rate: number | null): string {
  return rate === null || rate === 0 ? "unknown" : `${rate} Hz`;
}

function namesOf(leads: readonly string[]): string {
  return leads.length === 0 ? "not named" : [...leads].sort().join(", ");
}
