/** The Daubechies wavelets db1 to db38 as filter banks, with PyWavelets' names, order and signs. */
import { EctopyError } from "../../contract/domain/errors.ts";
import { SCALING_FILTERS } from "./daubechies-table.ts";

/** The four filters of an orthogonal wavelet, each of `taps` coefficients. */
export interface FilterBank {
  /** An even number, 2 × order. */
  taps: number;
  decompositionLow: Float64Array;
  decompositionHigh: Float64Array;
  reconstructionLow: Float64Array;
  reconstructionHigh: Float64Array;
}

/**
 * Returns the filter bank of a wavelet.
 * @param name `db1` (Haar) to `db38`
 * @throws EctopyError `invalid-settings` for any other name
 */
export function daubechies(name: string): FilterBank {
  const order = /^db([1-9]\d?)$/.exec(name)?.[1];
  const scaling = order === undefined ? undefined : SCALING_FILTERS[Number(order) - 1];
  if (!scaling) {
    throw new EctopyError(
      "invalid-settings",
      `There is no Daubechies wavelet called "${name}".`,
      "Choose one of db1 to db38; the reference study uses db4.",
    );
  }
  const reconstructionLow = Float64Array.from(scaling);
  const decompositionLow = reconstructionLow.toReversed();
  // The quadrature mirror (Daubechies 1992, eq. 5.1.34): the reversed low-pass filter with alternating signs.
  const reconstructionHigh = decompositionLow.map((coefficient, tap) => (tap % 2 === 0 ? coefficient : -coefficient));
  return {
    taps: scaling.length,
    decompositionLow,
    decompositionHigh: reconstructionHigh.toReversed(),
    reconstructionLow,
    reconstructionHigh,
  };
}
