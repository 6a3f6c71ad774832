/**
 * Wavelet denoising of a signal: details are shrunk by the universal threshold, the approximation is kept (Donoho &
 * Johnstone 1994).
 *
 * This is the reference study's method, computed like PyWavelets: symmetric extension, noise level from the finest
 * details, one threshold for all levels. It removes noise, but not baseline wander, which is in the approximation.
 */
import { daubechies } from "./daubechies.ts";
import { addDetail, analyse, coefficientLength, extendSymmetric, paddedBuffer, synthesise } from "./filter-bank.ts";
import { hardThreshold, noiseLevel, softThreshold, universalThreshold } from "./threshold.ts";

export interface DenoisingSettings {
  /** Daubechies wavelet, `db1` to `db38`. */
  wavelet: string;
  /**
   * Decomposition levels, 1 to {@link MAX_LEVELS}; more levels than the length supports are allowed, as in PyWavelets.
   */
  levels: number;
  threshold: "soft" | "hard";
}

/** Maximum of the levels: 32 of them halve a length of 2³² to one sample, and more would only cost time. */
export const MAX_LEVELS = 32;

export interface Denoiser {
  /**
   * Denoises one signal in double precision, without allocating. Input and output may be the same array.
   *
   * A signal with NaN or infinity becomes NaN throughout. Where more than half of the finest details are 0 (a constant
   * signal), the threshold is 0 and the signal does not change (PyWavelets' `threshold` would return NaN).
   * @param input `length` samples are read from `inputStart` on
   * @param output `length` samples are written from `outputStart` on
   * @throws RangeError where a range exceeds its array
   */
  denoise(
    input: Float32Array | Float64Array,
    inputStart: number,
    output: Float32Array | Float64Array,
    outputStart: number,
  ): void;
}

/**
 * Creates a denoiser.
 * @param length samples of each signal: of a beat or of a recording
 * @throws EctopyError `invalid-settings` for an unknown wavelet; RangeError for a length or levels out of range
 */
export function createDenoiser(settings: DenoisingSettings, length: number): Denoiser {
  const { levels, threshold: rule } = settings;
  if (!Number.isInteger(length) || length < 1) throw new RangeError(`createDenoiser: a length of ${length}`);
  if (!Number.isInteger(levels) || levels < 1 || levels > MAX_LEVELS)
    throw new RangeError(`createDenoiser: ${levels} levels`);
  const bank = daubechies(settings.wavelet);
  const { taps } = bank;
  const first = taps - 1;
  const shrink = rule === "soft" ? softThreshold : hardThreshold;

  // Level 0 is the signal; details[k] is cD(k + 1).
  const lengths = [length];
  for (let level = 1; level <= levels; level++) lengths.push(coefficientLength(lengths[level - 1], taps));
  const approximations = lengths.map((samples) => paddedBuffer(samples, taps));
  const details = lengths.slice(1).map((count) => new Float64Array(count));
  const magnitudes = new Float64Array(lengths[1]);
  const [signal] = approximations;

  return {
    denoise(input, inputStart, output, outputStart) {
      checkRange("input", input.length, inputStart, length);
      checkRange("output", output.length, outputStart, length);
      for (let i = 0; i < length; i++) signal[first + i] = input[inputStart + i];
      for (let level = 0; level < levels; level++) {
        extendSymmetric(approximations[level], lengths[level], taps);
        analyse(bank, {
          padded: approximations[level],
          count: lengths[level + 1],
          approximation: approximations[level + 1],
          approximationStart: first,
          detail: details[level],
        });
      }
      const threshold = universalThreshold(noiseLevel(details[0], magnitudes), length);
      if (Number.isNaN(threshold)) {
        output.fill(Number.NaN, outputStart, outputStart + length);
        return;
      }
      for (let level = levels - 1; level >= 0; level--) {
        // An odd length is reconstructed with one extra sample, which is written to the padding and never read.
        const count = lengths[level + 1];
        const signal = approximations[level];
        const approximation = approximations[level + 1];
        synthesise(bank, { approximation, approximationStart: first, count, signal, signalStart: first });
        if (shrink(details[level], threshold) > 0)
          addDetail(bank, { detail: details[level], count, signal, signalStart: first });
      }
      for (let i = 0; i < length; i++) output[outputStart + i] = signal[first + i];
    },
  };
}

function checkRange(name: string, available: number, start: number, length: number): void {
  if (!(Number.isInteger(start) && start >= 0 && start + length <= available))
    throw new RangeError(`denoise: ${length} samples from ${start} on exceed the ${name} of ${available}`);
}
