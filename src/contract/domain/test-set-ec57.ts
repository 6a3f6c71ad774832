/** Whether a run's predictions can be compared with the annotations of its test recordings by EC57, and how. */
import { classLabel, classesOf, isHeartbeat, type ClassMap } from "./class-maps.ts";
import { beatConventions, type BeatConvention } from "./ec57.ts";
import { isByPatient, type PreparationSettings } from "./preparation.ts";

type Settings = Pick<PreparationSettings, "protocol" | "classMap" | "rowSamples" | "annotations">;

/**
 * Returns how escape beats count, so that each class of a class map has the symbols of one class of EC57; null where a
 * class mixes several by both conventions.
 */
export function conventionOf(map: ClassMap): BeatConvention | null {
  const isOneLabel = (symbols: string, convention: BeatConvention): boolean =>
    new Set([...symbols].filter(isHeartbeat).map((symbol) => classLabel(convention, symbol))).size <= 1;
  const fitting = beatConventions.find((convention) =>
    classesOf(map).every(({ symbols }) => isOneLabel(symbols, convention)),
  );
  return fitting ?? null;
}

/** Returns why a run has no results by EC57, one sentence. */
export function noEc57Text(settings: Settings): string {
  return noEc57ByDesign(settings) ?? "No recording of the test set has annotations.";
}

/** Returns why a preparation's runs have no results by EC57, one sentence; null: they have. */
export function noEc57ByDesign({ protocol, classMap, rowSamples, annotations }: Settings): string | null {
  if (rowSamples !== undefined || classMap === "given") return "The test beats are rows of a table, not recordings.";
  if (!isByPatient(protocol)) {
    return "EC57 compares whole recordings: here the test set has only some beats of each. Split by patient.";
  }
  if (annotations?.reviewedOnly === true) {
    return "EC57 compares whole recordings: this preparation has the reviewed beats alone.";
  }
  return conventionOf(classMap) === null
    ? "A class of this class map has beats of several classes of EC57 (N, S, V, F, Q)."
    : null;
}
