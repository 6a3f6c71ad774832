/**
 * Class maps: which annotation symbol counts as a beat of which class.
 *
 * `mit-bih` takes fifteen of the MIT-BIH symbols as they are (paced beats left out); `aami` groups them into the five classes
 * of ANSI/AAMI EC57, in which `x` (a blocked P wave) is no beat. A custom map names its classes and their symbols.
 */
import { z } from "zod";

export const classMapNames = ["mit-bih", "aami"] as const;
export type ClassMapName = (typeof classMapNames)[number];

/** What the maps that come with the app are called. */
export const classMapTitles: Readonly<Record<ClassMapName, string>> = {
  "mit-bih": "MIT-BIH symbols",
  aami: "AAMI EC57",
};

/** WFDB `ecgcodes.h` in words, of each symbol that is a beat (`ecgmap.h`, `isqrs`), and of `x`, which the study counts as one. */
const BEATS: Readonly<Record<string, string>> = {
  N: "Normal beat",
  L: "Left bundle branch block beat",
  R: "Right bundle branch block beat",
  B: "Bundle branch block beat (unspecified)",
  A: "Atrial premature beat",
  a: "Aberrated atrial premature beat",
  J: "Nodal (junctional) premature beat",
  S: "Supraventricular premature beat",
  V: "Premature ventricular contraction",
  r: "R-on-T premature ventricular contraction",
  F: "Fusion of ventricular and normal beat",
  e: "Atrial escape beat",
  j: "Nodal (junctional) escape beat",
  n: "Supraventricular escape beat",
  E: "Ventricular escape beat",
  "/": "Paced beat",
  f: "Fusion of paced and normal beat",
  Q: "Unclassifiable beat",
  "?": "Beat not classified during learning",
  x: "Blocked P wave (no beat)",
};

export const beatSymbols: readonly string[] = Object.keys(BEATS);

export interface BeatClass {
  label: string;
  /** Annotation symbols, one character each. */
  symbols: string;
}

/** The two maps' classes. */
export const classMaps: Readonly<Record<ClassMapName, readonly BeatClass[]>> = {
  // By code point: the study's numbering.
  "mit-bih": [..."AEFJLNQRSVaefjx"].map((symbol) => ({ label: symbol, symbols: symbol })),
  aami: [
    { label: "N", symbols: "NLRej" },
    { label: "S", symbols: "AaJS" },
    { label: "V", symbols: "VE" },
    { label: "F", symbols: "F" },
    { label: "Q", symbols: "/fQ" },
  ],
};

const AAMI_DESCRIPTIONS: Readonly<Record<string, string>> = {
  N: "Normal, bundle branch block or supraventricular escape beat",
  S: "Supraventricular ectopic beat",
  V: "Ventricular ectopic beat",
  F: "Fusion of ventricular and normal beat",
  Q: "Paced, fusion of paced and normal, or unclassifiable beat",
};

export const MAX_CLASSES = 20;

/** A custom class map, its classes in their numbering. */
export const customClassMapSchema = z
  .strictObject({
    classes: z
      .array(
        z.strictObject({
          label: z.string().regex(/^\S{1,12}$/, "a class is named by 1 to 12 characters without a space"),
          symbols: z
            .string()
            .min(1, "a class takes at least one symbol")
            .refine((symbols) => [...symbols].every(isBeatSymbol), `symbols of beats are ${beatSymbols.join(" ")}`),
        }),
      )
      .min(2, "at least two classes are needed")
      .max(MAX_CLASSES),
  })
  .refine(({ classes }) => !repeated(classes.map(({ label }) => label)), "two classes have the same name")
  .refine(({ classes }) => !repeated([...classes.map(({ symbols }) => symbols).join("")]), "a symbol stands twice");
export type CustomClassMap = z.infer<typeof customClassMapSchema>;

export const classMapSchema = z.union([z.enum(classMapNames), customClassMapSchema]);
export type ClassMap = z.infer<typeof classMapSchema>;

/** How a map is named where it is not shown whole. */
export type ClassMapTitle = ClassMapName | "custom";

export function classesOf(map: ClassMap): readonly BeatClass[] {
  return typeof map === "string" ? classMaps[map] : map.classes;
}

/** Class label of an annotation symbol; undefined where the map takes no such beat. */
export function classLabel(map: ClassMap, symbol: string): string | undefined {
  return isBeatSymbol(symbol) ? classesOf(map).find(({ symbols }) => symbols.includes(symbol))?.label : undefined;
}

/** Whether an annotation marks a beat at all, in the field's or the study's eyes; `+`, `~`, `|` and the like do not. */
export function isBeatSymbol(symbol: string): boolean {
  return Object.hasOwn(BEATS, symbol);
}

/** Labels in their class numbering: `mit-bih` by code point, `aami` N S V F Q, a custom map as its classes are listed. */
export function orderLabels(map: ClassMap, labels: Iterable<string>): string[] {
  const kept = new Set(labels);
  return classesOf(map)
    .map(({ label }) => label)
    .filter((label) => kept.has(label));
}

/** A class in words, as shown beside its label. */
export function describeClass(map: ClassMap, label: string): string {
  if (map === "aami") return AAMI_DESCRIPTIONS[label] ?? label;
  const symbols = [...(classesOf(map).find((each) => each.label === label)?.symbols ?? "")];
  return symbols.length === 1 ? describeSymbol(symbols[0]) : `Beats annotated ${symbols.join(" ")}`;
}

/** @param symbol of a beat */
export function describeSymbol(symbol: string): string {
  return isBeatSymbol(symbol) ? BEATS[symbol] : symbol;
}

function repeated(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}
