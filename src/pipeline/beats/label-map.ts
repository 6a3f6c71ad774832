/**
 * Label maps: which annotation symbol counts as a beat of which class.
 *
 * `study` takes fifteen of the MIT-BIH symbols as they are (paced beats left out); `aami` groups them into the five classes
 * of ANSI/AAMI EC57, in which `x` (a blocked P wave) is no beat.
 */
import type { LabelMapName } from "../../contract/preparation.ts";

const STUDY_SYMBOLS = new Set("NLRVAFfjaEJQexS");

const AAMI_GROUPS: Record<string, string> = { N: "NLRej", S: "AaJS", V: "VE", F: "F", Q: "/fQ" };
const AAMI_LABELS = Object.keys(AAMI_GROUPS);
const AAMI_CLASS = new Map(AAMI_LABELS.flatMap((label) => [...AAMI_GROUPS[label]].map((symbol) => [symbol, label])));

/** Symbols of beats (WFDB `ecgmap.h`, `isqrs`), and `x`, which the study counts as one. */
const BEAT_SYMBOLS = new Set("NLRBAaJSVrFejnE/fQ?x");

/** WFDB `ecgcodes.h`, in words. */
const STUDY_DESCRIPTIONS: Record<string, string> = {
  A: "Atrial premature beat",
  E: "Ventricular escape beat",
  F: "Fusion of ventricular and normal beat",
  J: "Nodal (junctional) premature beat",
  L: "Left bundle branch block beat",
  N: "Normal beat",
  Q: "Unclassifiable beat",
  R: "Right bundle branch block beat",
  S: "Supraventricular premature beat",
  V: "Premature ventricular contraction",
  a: "Aberrated atrial premature beat",
  e: "Atrial escape beat",
  f: "Fusion of paced and normal beat",
  j: "Nodal (junctional) escape beat",
  x: "Blocked P wave (no beat)",
};

const AAMI_DESCRIPTIONS: Record<string, string> = {
  N: "Normal, bundle branch block or supraventricular escape beat",
  S: "Supraventricular ectopic beat",
  V: "Ventricular ectopic beat",
  F: "Fusion of ventricular and normal beat",
  Q: "Paced, fusion of paced and normal, or unclassifiable beat",
};

/** Class label of an annotation symbol; undefined where the map takes no such beat. */
export function classLabel(map: LabelMapName, symbol: string): string | undefined {
  if (map === "aami") return AAMI_CLASS.get(symbol);
  return STUDY_SYMBOLS.has(symbol) ? symbol : undefined;
}

/** Annotation symbols that count as a class. */
export function symbolsOf(map: LabelMapName, label: string): string[] {
  if (map === "aami") return [...AAMI_GROUPS[label]];
  return [label];
}

/** Whether an annotation marks a beat at all, in the field's or the study's eyes; `+`, `~`, `|` and the like do not. */
export function isBeatSymbol(symbol: string): boolean {
  return BEAT_SYMBOLS.has(symbol);
}

/** Labels in their class numbering: `study` by code point, `aami` N S V F Q. */
export function orderLabels(map: LabelMapName, labels: Iterable<string>): string[] {
  const kept = [...new Set(labels)];
  const rank = (label: string): number => (map === "aami" ? AAMI_LABELS.indexOf(label) : label.codePointAt(0)!);
  return kept.sort((a, b) => rank(a) - rank(b));
}

/** A class in words, as shown beside its label. */
export function describeClass(map: LabelMapName, label: string): string {
  return (map === "aami" ? AAMI_DESCRIPTIONS : STUDY_DESCRIPTIONS)[label] ?? label;
}
