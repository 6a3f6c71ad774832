/**
 * Annotation texts of formats without codes (EDF+, CSV): texts to WFDB's annotation symbols, and back.
 *
 * A text becomes a symbol where WFDB documents it: a mnemonic (`V`), its description (`Premature ventricular
 * contraction`) or its name in the library (`PVC`). `(AFIB` is a rhythm, as in MIT-BIH. All other texts are comments.
 *
 * Source: WFDB library, `ecgcodes.h` and `annot.c`; MIT-BIH Arrhythmia Database Directory, "Rhythm annotations".
 */
import type { Annotation } from "../../contract/domain/recordings.ts";
import { annotationCodes } from "./wfdb/codes.ts";

/** Symbol of a comment, and of a rhythm change. */
export const COMMENT_SYMBOL = '"';
export const RHYTHM_SYMBOL = "+";

/** Names in `ecgcodes.h`, by symbol, and other spellings of its comments there and in wfdb-python. */
const namesBySymbol: Readonly<Record<string, readonly string[]>> = {
  N: ["NORMAL"],
  L: ["LBBB"],
  R: ["RBBB"],
  a: ["ABERR", "aberrated atrial premature contraction"],
  V: ["PVC"],
  F: ["FUSION"],
  J: ["NPC"],
  A: ["APC", "atrial premature contraction"],
  S: ["SVPB"],
  E: ["VESC"],
  j: ["NESC"],
  "/": ["PACE"],
  Q: ["UNKNOWN"],
  B: ["BBB"],
  "?": ["LEARN"],
  e: ["AESC"],
  n: ["SVESC"],
  f: ["PFUS"],
  r: ["RONT"],
};

const symbolsByName = new Map<string, string>([
  ...annotationCodes.map(({ description, symbol }): [string, string] => [description.toLowerCase(), symbol]),
  ...Object.entries(namesBySymbol).flatMap(([symbol, names]) =>
    names.map((name): [string, string] => [name.toLowerCase(), symbol]),
  ),
]);
/** A comment needs its text, and a rhythm its name: their mnemonics alone say nothing. */
const mnemonics = new Set(
  annotationCodes.map(({ symbol }) => symbol).filter((symbol) => symbol !== COMMENT_SYMBOL && symbol !== RHYTHM_SYMBOL),
);
/** A rhythm code of MIT-BIH, such as `(AFIB` or `(N`. */
const RHYTHM = /^\([A-Z][A-Z0-9]{0,7}$/;

/** Returns symbol and auxiliary text of an annotation text. */
export function annotationOfText(text: string): Pick<Annotation, "symbol" | "aux"> {
  const trimmed = text.trim();
  if (mnemonics.has(trimmed)) return { symbol: trimmed, aux: "" };
  if (RHYTHM.test(trimmed)) return { symbol: RHYTHM_SYMBOL, aux: trimmed };
  const symbol = symbolsByName.get(trimmed.toLowerCase());
  if (symbol !== undefined && mnemonics.has(symbol)) return { symbol, aux: "" };
  return { symbol: COMMENT_SYMBOL, aux: trimmed };
}

/** Returns the texts that {@link annotationOfText} reads as the annotation. */
export function textsOfAnnotation({ symbol, aux }: Pick<Annotation, "symbol" | "aux">): string[] {
  const texts = symbol === COMMENT_SYMBOL || (symbol === RHYTHM_SYMBOL && aux !== "") ? [aux] : [symbol, aux];
  return texts.filter((text) => text.trim() !== "");
}
