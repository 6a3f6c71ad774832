/**
 * Energy of a lead in the band of QRS complexes, sample by sample. Pure, with constant memory.
 *
 * Source: J. Pan, W. J. Tompkins, A real-time QRS detection algorithm, IEEE Transactions on Biomedical Engineering 32
 * (1985): band-pass filter, squaring, moving window. The root keeps the feature proportional to the amplitude.
 */

/** Lower and upper cut-off frequency in Hz: T waves and baseline wander lie below, muscle noise above. */
const BAND_HZ = [8, 20] as const;
/** Length of the moving window, in s. */
const WINDOW_S = 0.08;
/** Delay of both filters at 12 Hz, in s: measured on a symmetric wave. */
const FILTER_DELAY_S = 0.015;

/** Time from a wave to the peak of its energy, in s. */
export const ENERGY_DELAY_S = WINDOW_S / 2 + FILTER_DELAY_S;

/** A second-order Butterworth filter (bilinear transform). */
class ButterworthFilter {
  readonly #b: readonly [number, number, number];
  readonly #a: readonly [number, number];
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(kind: "low" | "high", cutoffHz: number, rate: number) {
    const w = Math.tan((Math.PI * cutoffHz) / rate);
    const scale = 1 + Math.SQRT2 * w + w * w;
    const gain = (kind === "low" ? w * w : 1) / scale;
    this.#b = [gain, kind === "low" ? 2 * gain : -2 * gain, gain];
    this.#a = [(2 * (w * w - 1)) / scale, (1 - Math.SQRT2 * w + w * w) / scale];
  }

  filter(x: number): number {
    const [b0, b1, b2] = this.#b;
    const y = b0 * x + b1 * this.#x1 + b2 * this.#x2 - this.#a[0] * this.#y1 - this.#a[1] * this.#y2;
    this.#x2 = this.#x1;
    this.#x1 = x;
    this.#y2 = this.#y1;
    this.#y1 = y;
    return y;
  }
}

export class BandEnergy {
  readonly #high: ButterworthFilter;
  readonly #low: ButterworthFilter;
  /** Squares of the last samples, as a ring. */
  readonly #squares: Float64Array;
  #next = 0;
  /** First sample, which is subtracted from all: an offset causes no step at the start. */
  #offset: number | null = null;

  /** @param rate sampling rate in Hz */
  constructor(rate: number) {
    this.#high = new ButterworthFilter("high", BAND_HZ[0], rate);
    this.#low = new ButterworthFilter("low", BAND_HZ[1], rate);
    this.#squares = new Float64Array(Math.max(1, Math.round(WINDOW_S * rate)));
  }

  /** Returns the energy after the next sample. */
  add(sample: number): number {
    this.#offset ??= sample;
    const filtered = this.#low.filter(this.#high.filter(sample - this.#offset));
    this.#squares[this.#next] = filtered * filtered;
    this.#next = (this.#next + 1) % this.#squares.length;
    let sum = 0;
    // Summed again each time: a running sum would keep rounding errors of large values.
    for (const square of this.#squares) sum += square;
    return Math.sqrt(sum / this.#squares.length);
  }
}
