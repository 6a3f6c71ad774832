/** Annotations as columns of numbers, in which annotation sets are stored, and back. Pure. */
import {
  UNLIKE_FLAG,
  UNSURE_FLAG,
  type SetAnnotation,
  type SetColumns,
} from "../../contract/domain/annotation-sets.ts";
import { codeOfSymbol, symbolOfCode } from "./wfdb/codes.ts";

/** Returns annotations in order of time as columns. @throws RangeError for a symbol that WFDB has no code for */
export function toColumns(annotations: readonly SetAnnotation[]): SetColumns {
  const { length } = annotations;
  const hasProbability = annotations.some(({ probability }) => probability !== undefined);
  const hasFlags = annotations.some(({ unsure, unlike }) => unsure !== undefined || unlike !== undefined);
  const columns: SetColumns = {
    samples: Int32Array.from(annotations, ({ sample }) => sample),
    codes: new Uint8Array(length),
    subtypes: Int8Array.from(annotations, ({ subtype }) => subtype),
    probabilities: hasProbability
      ? Float32Array.from(annotations, ({ probability }) => probability ?? Number.NaN)
      : null,
    flags: hasFlags
      ? Uint8Array.from(annotations, ({ unsure, unlike }) => (unsure ? UNSURE_FLAG : 0) | (unlike ? UNLIKE_FLAG : 0))
      : null,
    texts: Object.fromEntries(annotations.flatMap(({ aux }, i) => (aux === "" ? [] : [[i, aux]]))),
  };
  for (const [i, { symbol }] of annotations.entries()) {
    const code = codeOfSymbol(symbol);
    if (code === undefined) throw new RangeError(`The symbol ${symbol} has no WFDB code.`);
    columns.codes[i] = code;
  }
  return columns;
}

/** Returns the annotations of columns, in their order. */
export function fromColumns(columns: SetColumns): SetAnnotation[] {
  const { samples, codes, subtypes, probabilities, flags, texts } = columns;
  return Array.from(samples, (sample, i): SetAnnotation => {
    const annotation: SetAnnotation = {
      sample,
      symbol: symbolOfCode(codes[i]),
      subtype: subtypes[i],
      channel: 0,
      num: 0,
      aux: texts[i] ?? "",
    };
    if (probabilities !== null && !Number.isNaN(probabilities[i])) annotation.probability = probabilities[i];
    if (flags !== null) {
      annotation.unsure = (flags[i] & UNSURE_FLAG) !== 0;
      annotation.unlike = (flags[i] & UNLIKE_FLAG) !== 0;
    }
    return annotation;
  });
}

/** Returns the number of annotations of each symbol, in order of code point. */
export function countSymbols(codes: Uint8Array): Record<string, number> {
  const counts = new Uint32Array(256);
  for (const code of codes) counts[code]++;
  const found = [...counts].flatMap((count, code): [string, number][] =>
    count === 0 ? [] : [[symbolOfCode(code), count]],
  );
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}
