/**
 * Wavelet denoising of a signal: details shrunk by the universal threshold, approximation kept (Donoho & Johnstone 1994).
 *
 * The reference study's recipe, as PyWavelets computes it: symmetric extension, noise from the finest details, one threshold
 * for all levels. It removes noise, not baseline wander, which stands in the approximation.
 */
import { daubechies } from "./daubechies.ts";
import { addDetail, analyse, coefficientLength, extendSymmetric, paddedBuffer, synthesise } from "./filter-bank.ts";
import { hardThreshold, noiseLevel, softThreshold, universalThreshold } from "./threshold.ts";

export interface DenoisingSettings {
  /** Daubechies wavelet, `db1` to `db38`. */
  wavelet: string;
  /** Decomposition levels, 1 to {@link MOST_LEVELS}; more than the length usefully has are allowed, as in PyWavelets. */
  levels: number;
  threshold: "soft" | "hard";
}

/** A length of 2³² is halved to nothing in as many; each more would only cost time. */
export const MOST_LEVELS = 32;

export interface Denoiser {
  /**
   * Denoises one signal, in double precision, without allocating. Input and output may be the same place.
   *
   * A signal that holds NaN or an infinity becomes NaN throughout. Where more than half of the finest details are 0 (a
   * constant signal), so is the threshold, and the signal stays as it is (PyWavelets' `threshold` would give NaN there).
   * @param input takes `length` samples from `inputStart` on
   * @param output gets as many from `outputStart` on
   * @throws RangeError where a range leaves its array
   */
  denoise(
    input: Float32Array | Float64Array,
    inputStart: number,
    output: Float32Array | Float64Array,
    outputStart: number,
  ): void;
}

/**
 * @param length samples of each signal that will be denoised: a beat's or a record's
 * @throws EctopyError `invalid-settings` for an unknown wavelet; RangeError for a length or levels out of range
 */
export function createDenoiser(settings: DenoisingSettings, length: number): Denoiser {
  const { levels, threshold: rule } = settings;
  if (!Number.isInteger(length) || length < 1) throw new RangeError(`createDenoiser: a length of ${length}`);
  if (!Number.isInteger(levels) || levels < 1 || levels > MOST_LEVELS)
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
        analyse(approximations[level], bank, lengths[level + 1], approximations[level + 1], first, details[level]);
      }
      const threshold = universalThreshold(noiseLevel(details[0], magnitudes), length);
      if (Number.isNaN(threshold)) {
        output.fill(Number.NaN, outputStart, outputStart + length);
        return;
      }
      for (let level = levels - 1; level >= 0; level--) {
        // An odd length comes back one longer; the sample too many falls into the padding, where nothing reads it.
        synthesise(approximations[level + 1], first, lengths[level + 1], bank, approximations[level], first);
        if (shrink(details[level], threshold) > 0)
          addDetail(details[level], lengths[level + 1], bank, approximations[level], first);
      }
      for (let i = 0; i < length; i++) output[outputStart + i] = signal[first + i];
    },
  };
}

function checkRange(name: string, available: number, start: number, length: number): void {
  if (!(Number.isInteger(start) && start >= 0 && start + length <= available))
    throw new RangeError(`denoise: ${length} samples from ${start} on of an ${name} of ${available}`);
}
