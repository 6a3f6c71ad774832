/** Labels of a review as the columns in which annotation sets are stored, and back. Pure. */
import type { SetColumns } from "../../contract/domain/annotation-sets.ts";
import { compareLabels, packLabels, unpackLabels, type Label } from "../../contract/domain/labels.ts";
import { codeOfSymbol, symbolOfCode } from "../recordings/wfdb/codes.ts";

/** Returns the labels in the order of {@link compareLabels}. */
export function labelsOfColumns({ codes, flags, probabilities, ...columns }: SetColumns): Label[] {
  return unpackLabels({
    ...columns,
    symbols: Array.from(codes, symbolOfCode).join(""),
    flags: flags ?? new Uint8Array(codes.length),
    probabilities: probabilities ?? new Float32Array(codes.length).fill(Number.NaN),
  }).sort(compareLabels);
}

/** @throws RangeError a symbol that WFDB has no code for */
export function columnsOfLabels(labels: readonly Label[]): SetColumns {
  const { symbols, flags, probabilities, ...columns } = packLabels(labels);
  const codes = Uint8Array.from(symbols, (symbol) => {
    const code = codeOfSymbol(symbol);
    if (code === undefined) throw new RangeError(`The symbol ${symbol} has no WFDB code.`);
    return code;
  });
  return {
    ...columns,
    codes,
    flags: flags.some((bits) => bits !== 0) ? flags : null,
    probabilities: probabilities.every(Number.isNaN) ? null : probabilities,
  };
}
