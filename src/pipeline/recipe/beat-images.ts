/** Beats at 120 Hz in units of the reference's amplitude, and their differences from the reference. */
import type { ReferenceBeats } from "./reference-beat.ts";
import type { Rows } from "./rows.ts";

/** Samples that become one: 360 Hz to 120 Hz. */
const SAMPLES_PER_MEAN = 3;
/** Largest absolute value of an image. */
const MAX_VALUE = 6;

export interface LeadImages {
  /** Beats, rows of {@link BeatImages.length} samples. */
  beats: Float32Array;
  /** Beats minus the reference. */
  differences: Float32Array;
  /** References, each the middle one of three samples. */
  medians: Float32Array[];
}

export interface BeatImages {
  /** Samples of an image. */
  length: number;
  leads: LeadImages[];
}

/** Computes the images. @param windows without their median, in mV, for each lead */
export function beatImages(windows: readonly Rows[], { references, referenceOf }: ReferenceBeats): BeatImages {
  const length = windows[0].length / SAMPLES_PER_MEAN;
  const leads = windows.map(({ values, length: samples }, lead): LeadImages => {
    const count = values.length / samples;
    const beats = new Float32Array(count * length);
    const differences = new Float32Array(count * length);
    for (let beat = 0; beat < count; beat++) {
      const { leads: medians, scales } = references[referenceOf[beat]];
      const [median, scale] = [medians[lead], scales[lead]];
      for (let i = 0; i < length; i++) {
        let [sum, reference] = [0, 0];
        for (let sample = SAMPLES_PER_MEAN * i; sample < SAMPLES_PER_MEAN * (i + 1); sample++) {
          sum += values[beat * samples + sample];
          reference += median[sample];
        }
        const unit = scale * SAMPLES_PER_MEAN;
        beats[beat * length + i] = clipped(sum / unit);
        differences[beat * length + i] = clipped((sum - reference) / unit);
      }
    }
    const medians = references.map(({ leads: reference, scales }) =>
      Float32Array.from({ length }, (_, i) => reference[lead][SAMPLES_PER_MEAN * i + 1] / scales[lead]),
    );
    return { beats, differences, medians };
  });
  return { length, leads };
}

function clipped(value: number): number {
  return Math.min(MAX_VALUE, Math.max(-MAX_VALUE, value));
}
