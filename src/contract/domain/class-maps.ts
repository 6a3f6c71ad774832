/**
 * Class maps: which annotation symbol counts as which class.
 *
 * `mit-bih` has one class for each of fifteen MIT-BIH symbols (paced beats are excluded). `aami` and `ec57` group all beats into
 * the five classes of ANSI/AAMI EC57, in which `x` (a blocked P wave) is no beat. They differ in escape beats (`e`, `j`, `n`): N in
 * most papers (de Chazal 2004), S in EC57's reference program where it counts S. A custom class map names its classes and their
 * symbols. `given` is for tables of beats, whose classes are in the files.
 */
import { z } from "zod";

/** Class maps for annotated recordings. */
export const symbolClassMaps = ["mit-bih", "aami", "ec57"] as const;
export const classMapNames = [...symbolClassMaps, "given"] as const;
export type ClassMapName = (typeof classMapNames)[number];

/** Titles of the built-in class maps. */
export const classMapTitles: Readonly<Record<ClassMapName, string>> = {
  "mit-bih": "MIT-BIH symbols",
  aami: "AAMI classes",
  ec57: "EC57 classes, escape beats in S",
  given: "Classes of the table",
};

/** Meaning of each beat symbol (WFDB `ecgcodes.h`; `isqrs` of `ecgmap.h`), and of `x`, which the reference study counts as a beat. */
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

/** Classes of the built-in class maps. */
export const classMaps: Readonly<Record<ClassMapName, readonly BeatClass[]>> = {
  // Ordered by code point, as in the reference study.
  "mit-bih": [..."AEFJLNQRSVaefjx"].map((symbol) => ({ label: symbol, symbols: symbol })),
  aami: [
    { label: "N", symbols: "NLRBejn" },
    { label: "S", symbols: "AaJS" },
    { label: "V", symbols: "VEr" },
    { label: "F", symbols: "F" },
    { label: "Q", symbols: "/fQ?" },
  ],
  ec57: [
    { label: "N", symbols: "NLRB" },
    { label: "S", symbols: "AaJSejn" },
    { label: "V", symbols: "VEr" },
    { label: "F", symbols: "F" },
    { label: "Q", symbols: "/fQ?" },
  ],
  given: [],
};

/** Supraventricular escape beats, which belong to N by `aami` and to S by `ec57`. */
const ESCAPE_BEATS = "e, j and n";

/** Returns where an AAMI class map has escape beats; null for other class maps. */
export function escapeBeatsText(map: ClassMap): string | null {
  if (map === "aami") return `${ESCAPE_BEATS} in N`;
  return map === "ec57" ? `${ESCAPE_BEATS} in S` : null;
}

const AAMI_DESCRIPTIONS: Readonly<Record<string, string>> = {
  N: "Normal, bundle branch block or supraventricular escape beat",
  S: "Supraventricular ectopic beat",
  V: "Ventricular ectopic beat",
  F: "Fusion of ventricular and normal beat",
  Q: "Paced, fusion of paced and normal, or unclassifiable beat",
};

const EC57_DESCRIPTIONS: Readonly<Record<string, string>> = {
  N: "Normal or bundle branch block beat",
  S: "Supraventricular ectopic or escape beat",
};

export const MAX_CLASSES = 20;

/** A custom class map; its classes are numbered in their order. */
export const customClassMapSchema = z
  .strictObject({
    classes: z
      .array(
        z.strictObject({
          label: z.string().regex(/^\S{1,12}$/, "a class name has 1 to 12 characters without spaces"),
          symbols: z
            .string()
            .min(1, "a class needs at least one symbol")
            .refine((symbols) => [...symbols].every(isBeatSymbol), `the beat symbols are ${beatSymbols.join(" ")}`),
        }),
      )
      .min(2, "at least two classes are needed")
      .max(MAX_CLASSES),
  })
  .refine(({ classes }) => !repeated(classes.map(({ label }) => label)), "two classes have the same name")
  .refine(
    ({ classes }) => !repeated([...classes.map(({ symbols }) => symbols).join("")]),
    "a symbol is in two classes",
  );
export type CustomClassMap = z.infer<typeof customClassMapSchema>;

export const classMapSchema = z.union([z.enum(classMapNames), customClassMapSchema]);
export type ClassMap = z.infer<typeof classMapSchema>;

/** Name of a class map in lists and tables. */
export type ClassMapTitle = ClassMapName | "custom";

export function classesOf(map: ClassMap): readonly BeatClass[] {
  return typeof map === "string" ? classMaps[map] : map.classes;
}

/** Returns the class label of an annotation symbol; undefined for an unmapped symbol. */
export function classLabel(map: ClassMap, symbol: string): string | undefined {
  return isBeatSymbol(symbol) ? classesOf(map).find(({ symbols }) => symbols.includes(symbol))?.label : undefined;
}

/** Returns whether an annotation marks a beat, by WFDB or the reference study; `+`, `~` and `|` do not. */
export function isBeatSymbol(symbol: string): boolean {
  return Object.hasOwn(BEATS, symbol);
}

/** Returns whether an annotation marks a heartbeat, as WFDB's `isqrs`: unlike {@link isBeatSymbol}, not a blocked P wave (`x`). */
export function isHeartbeat(symbol: string): boolean {
  return symbol !== "x" && isBeatSymbol(symbol);
}

/**
 * Returns labels in the order of their class numbers: `mit-bih` by code point, `aami` N S V F Q, custom in the listed
 * order, `given` in the order in which they are given.
 */
export function orderLabels(map: ClassMap, labels: Iterable<string>): string[] {
  const kept = new Set(labels);
  if (map === "given") return [...kept];
  return classesOf(map)
    .map(({ label }) => label)
    .filter((label) => kept.has(label));
}

/** Returns the description of a class, shown beside its label. */
export function describeClass(map: ClassMap, label: string): string {
  if (map === "aami") return AAMI_DESCRIPTIONS[label] ?? label;
  if (map === "ec57") return EC57_DESCRIPTIONS[label] ?? AAMI_DESCRIPTIONS[label] ?? label;
  // What the classes of a table mean, only their names say.
  if (map === "given") return "";
  const symbols = [...(classesOf(map).find((each) => each.label === label)?.symbols ?? "")];
  return symbols.length === 1 ? describeSymbol(symbols[0]) : `Beats annotated ${symbols.join(" ")}`;
}

/** Returns the description of a beat symbol. */
export function describeSymbol(symbol: string): string {
  return isBeatSymbol(symbol) ? BEATS[symbol] : symbol;
}

function repeated(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}
