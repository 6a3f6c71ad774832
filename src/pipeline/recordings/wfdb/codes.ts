/**
 * WFDB's annotation codes: mnemonic, description, and whether a code labels a beat.
 *
 * Source: WFDB library, `ecgcodes.h` (codes), `annot.c` (mnemonics and descriptions) and `ecgmap.h` (`isqrs`).
 */

export interface AnnotationCode {
  code: number;
  /** Mnemonic, used as {@link Annotation.symbol}. */
  symbol: string;
  description: string;
  /** Whether it labels a QRS complex, at its R-peak. */
  isBeat: boolean;
}

const beat = (code: number, symbol: string, description: string): AnnotationCode => ({
  code,
  symbol,
  description,
  isBeat: true,
});
const other = (code: number, symbol: string, description: string): AnnotationCode => ({
  code,
  symbol,
  description,
  isBeat: false,
});

export const annotationCodes: readonly AnnotationCode[] = [
  beat(1, "N", "Normal beat"),
  beat(2, "L", "Left bundle branch block beat"),
  beat(3, "R", "Right bundle branch block beat"),
  beat(4, "a", "Aberrated atrial premature beat"),
  beat(5, "V", "Premature ventricular contraction"),
  beat(6, "F", "Fusion of ventricular and normal beat"),
  beat(7, "J", "Nodal (junctional) premature beat"),
  beat(8, "A", "Atrial premature beat"),
  beat(9, "S", "Premature or ectopic supraventricular beat"),
  beat(10, "E", "Ventricular escape beat"),
  beat(11, "j", "Nodal (junctional) escape beat"),
  beat(12, "/", "Paced beat"),
  beat(13, "Q", "Unclassifiable beat"),
  other(14, "~", "Change in signal quality"),
  other(16, "|", "Isolated QRS-like artifact"),
  other(18, "s", "ST segment change"),
  other(19, "T", "T-wave change"),
  other(20, "*", "Systole"),
  other(21, "D", "Diastole"),
  other(22, '"', "Comment"),
  other(23, "=", "Measurement"),
  other(24, "p", "Peak of P-wave"),
  beat(25, "B", "Left or right bundle branch block"),
  other(26, "^", "Non-captured pacemaker artifact"),
  other(27, "t", "Peak of T-wave"),
  other(28, "+", "Rhythm change"),
  other(29, "u", "Peak of U-wave"),
  beat(30, "?", "Beat not classified during learning"),
  other(31, "!", "Ventricular flutter wave"),
  other(32, "[", "Start of ventricular flutter/fibrillation"),
  other(33, "]", "End of ventricular flutter/fibrillation"),
  beat(34, "e", "Atrial escape beat"),
  beat(35, "n", "Supraventricular escape beat"),
  other(36, "@", "Link to external data"),
  other(37, "x", "Non-conducted P-wave (blocked APC)"),
  beat(38, "f", "Fusion of paced and normal beat"),
  other(39, "(", "Waveform onset"),
  other(40, ")", "Waveform end"),
  beat(41, "r", "R-on-T premature ventricular contraction"),
];

/** Highest code that may label an annotation (`ACMAX`); files may define codes 42 to 49. */
export const highestCode = 49;

/** Code of a comment, also used for notes on the file's format. */
export const commentCode = 22;

const bySymbol = new Map(annotationCodes.map((entry) => [entry.symbol, entry]));
const symbols = new Map(annotationCodes.map((entry) => [entry.code, entry.symbol]));

/** Returns the mnemonic of a code, 1 to 49; `[15]` for a code without one, as in WFDB. */
export function symbolOfCode(code: number): string {
  return symbols.get(code) ?? `[${code}]`;
}

/** Returns the code of a mnemonic; undefined for an unknown one. */
export function codeOfSymbol(symbol: string): number | undefined {
  const known = bySymbol.get(symbol);
  if (known !== undefined) return known.code;
  const code = Number(/^\[(\d{1,2})\]$/.exec(symbol)?.[1]);
  return code >= 1 && code <= highestCode && !symbols.has(code) ? code : undefined;
}

/** Returns whether a mnemonic labels a beat. Symbols defined in a file do not. */
export function isBeat(symbol: string): boolean {
  return bySymbol.get(symbol)?.isBeat ?? false;
}
