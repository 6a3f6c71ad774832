/**
 * Butterworth band-pass filter as second-order sections, applied forwards and backwards (no phase shift) or forwards
 * alone (causal).
 *
 * Design: analogue prototype, low-pass to band-pass, bilinear transformation (Oppenheim & Schafer, Discrete-Time Signal
 * Processing, section 7). Equal to SciPy's `butter(order, band, "bandpass", output="sos")`, `sosfiltfilt` and `sosfilt`
 * up to rounding; each section has one zero at 0 Hz and one at half the sampling rate.
 */

/** A second-order section: numerator gain · (1 − z⁻²), denominator 1 + a1·z⁻¹ + a2·z⁻². */
interface Section {
  gain: number;
  a1: number;
  a2: number;
}

export interface BandPass {
  sections: readonly Section[];
}

type Complex = readonly [re: number, im: number];

/**
 * Designs a band-pass filter.
 * @param order of the low-pass prototype, an even number: an odd one has a real pole; the band-pass has twice as many poles
 * @param band edges in Hz, at which the gain is 1/√2
 * @param rate sampling rate in Hz
 * @throws RangeError for an odd order, or where the band does not lie between 0 Hz and half the rate
 */
export function butterworthBandPass(order: number, [low, high]: readonly [number, number], rate: number): BandPass {
  if (!(low > 0 && low < high && high < rate / 2)) {
    throw new RangeError(`A band from ${low} to ${high} Hz does not lie between 0 Hz and half of ${rate} Hz.`);
  }
  if (order % 2 !== 0) throw new RangeError(`Order ${order} is odd.`);
  // SciPy's bilinear transformation at a rate of 2: frequencies are warped to those of the analogue filter.
  const twiceRate = 4;
  const [from, to] = [low, high].map((edge) => twiceRate * Math.tan((Math.PI * edge) / rate));
  const width = to - from;
  const squaredCentre: Complex = [from * to, 0];
  const sections: Section[] = [];
  let numerator = width ** order;
  for (let k = 0; k < order; k++) {
    const angle = (Math.PI * (2 * k + 1 + order)) / (2 * order);
    const half: Complex = [(Math.cos(angle) * width) / 2, (Math.sin(angle) * width) / 2];
    const root = squareRoot(minus(times(half, half), squaredCentre));
    // Each pole of the prototype gives two poles; the conjugates come from the conjugate pole of the prototype.
    for (const pole of [plus(half, root), minus(half, root)]) {
      if (pole[1] < 0) continue;
      const above: Complex = [twiceRate + pole[0], pole[1]];
      const below: Complex = [twiceRate - pole[0], -pole[1]];
      const squared = below[0] ** 2 + below[1] ** 2;
      const digital: Complex = [
        (above[0] * below[0] + above[1] * below[1]) / squared,
        (above[1] * below[0] - above[0] * below[1]) / squared,
      ];
      numerator /= squared;
      sections.push({ gain: 1, a1: -2 * digital[0], a2: digital[0] ** 2 + digital[1] ** 2 });
    }
  }
  // Zeros at 0 Hz give a factor 4 each; those at infinity move to half the rate.
  sections[0].gain = numerator * twiceRate ** order;
  return { sections };
}

/** Filters forwards, from the state of a constant signal with the first value, as SciPy's `sosfilt` with `sosfilt_zi`. */
export function filterForwards({ sections }: BandPass, samples: Float64Array): Float64Array {
  const out = samples.slice();
  for (const [number, section] of sections.entries()) filterSection(section, out, number === 0 ? out[0] : 0);
  return out;
}

/**
 * Filters forwards and backwards, as SciPy's `sosfiltfilt`: both ends are continued by their odd reflection.
 * @throws RangeError where the signal is not longer than the reflection
 */
export function filterBothWays(filter: BandPass, samples: Float64Array): Float64Array {
  const reflected = 3 * (2 * filter.sections.length + 1);
  const { length } = samples;
  if (length <= reflected) throw new RangeError(`The filter needs more than ${reflected} samples.`);
  const extended = new Float64Array(length + 2 * reflected);
  extended.set(samples, reflected);
  for (let i = 0; i < reflected; i++) {
    extended[i] = 2 * samples[0] - samples[reflected - i];
    extended[reflected + length + i] = 2 * samples[length - 1] - samples[length - 2 - i];
  }
  const forwards = filterForwards(filter, extended).reverse();
  return filterForwards(filter, forwards)
    .reverse()
    .slice(reflected, reflected + length);
}

/**
 * Applies one section in place (transposed direct form II).
 * @param before value of the constant signal before the first sample, to which a section with a zero at 0 Hz answers with 0
 */
function filterSection({ gain, a1, a2 }: Section, values: Float64Array, before: number): void {
  let first = -gain * before;
  let second = -gain * before;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const result = gain * value + first;
    first = second - a1 * result;
    second = -gain * value - a2 * result;
    values[i] = result;
  }
}

function plus([a, b]: Complex, [c, d]: Complex): Complex {
  return [a + c, b + d];
}

function minus([a, b]: Complex, [c, d]: Complex): Complex {
  return [a - c, b - d];
}

function times([a, b]: Complex, [c, d]: Complex): Complex {
  return [a * c - b * d, a * d + b * c];
}

function squareRoot([re, im]: Complex): Complex {
  const size = Math.sqrt(Math.hypot(re, im));
  const angle = Math.atan2(im, re) / 2;
  return [size * Math.cos(angle), size * Math.sin(angle)];
}
