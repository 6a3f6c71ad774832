/** Cuts, filters and normalises beats of one signal by the settings of a preparation. */
import type { BeatWindow, PreparationSettings } from "../../contract/domain/preparation.ts";
import type { Signal } from "../../contract/domain/recordings.ts";
import { cutBeat, normaliseZScore, physicalSamples } from "../../pipeline/beats/windows.ts";
import { createDenoiser, type DenoisingSettings as WaveletSettings } from "../../pipeline/signal/denoise.ts";

export type DenoisingSettings = Pick<
  PreparationSettings,
  "denoising" | "wavelet" | "levels" | "threshold" | "normalisation"
>;

export interface BeatsToDenoise {
  signal: Signal;
  /** Samples of the R-peaks in the signal. */
  samples: Uint32Array;
  window: BeatWindow;
  settings: DenoisingSettings;
  /** Rows of the window's length, to be filled. */
  values: Float32Array;
  /** Row of the first beat. */
  row: number;
}

/** Writes each beat into its row of `values`. */
export function denoiseBeats({ signal, samples, window, settings, values, row }: BeatsToDenoise): void {
  const length = window.before + window.after;
  const beat = new Float64Array(length);
  const source = settings.denoising === "record" ? denoisedRecord(signal, settings) : signal;
  const denoiser = settings.denoising === "beat" ? createDenoiser(settings, length) : null;
  samples.forEach((sample, i) => {
    if (source instanceof Float64Array) beat.set(source.subarray(sample - window.before, sample + window.after));
    else cutBeat(source, sample, window, beat);
    denoiser?.denoise(beat, 0, beat, 0);
    if (settings.normalisation === "z-score") normaliseZScore(beat);
    values.set(beat, (row + i) * length);
  });
}

/** Returns the whole signal in physical units, filtered. Gaps are filled with 0; no selected beat touches a gap. */
export function denoisedRecord(signal: Signal, settings: WaveletSettings): Float64Array {
  const { length } = signal.samples;
  const physical = new Float64Array(length);
  physicalSamples(signal, 0, length, physical);
  for (let i = 0; i < length; i++) if (Number.isNaN(physical[i])) physical[i] = 0;
  createDenoiser(settings, length).denoise(physical, 0, physical, 0);
  return physical;
}
