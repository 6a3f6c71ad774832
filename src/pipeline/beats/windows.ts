/**
 * Beat windows: the annotations that become beats, and the samples around each R-peak, in mV.
 *
 * A window has `before` samples before the R-peak and `after` samples from it on, all inside the recording and without
 * gaps.
 */
import { classLabel, isBeatSymbol, type ClassMap } from "../../contract/domain/class-maps.ts";
import type { GivenLabels } from "../../contract/domain/label-choice.ts";
import type { BeatWindow, LeftOut } from "../../contract/domain/preparation.ts";
import { missingSampleOf, type Signal } from "../../contract/domain/recordings.ts";
import { ratioOfRates, resampledPosition } from "../signal/resample.ts";

/** Beats of one recording, in the order of their annotations. */
export interface SelectedBeats {
  /** R-peak of each beat: its sample number in the recording. */
  samples: Uint32Array;
  /** R-peak of each beat: its sample number in the lead, whose rate may be another one. */
  positions: Uint32Array;
  /** Class label of each beat. */
  labels: string[];
  leftOut: Pick<LeftOut, "outsideRecord" | "missingSamples" | "symbols" | "unreviewed" | "noise">;
}

/** Annotations in order of time, and beats among them that get no class; absent: none. */
export interface AnnotatedBeats
  extends Readonly<Pick<GivenLabels, "annotations">>, Partial<Pick<GivenLabels, "excluded">> {}

/**
 * Selects the beats of one lead. Every annotated beat is either selected or counted as excluded, once.
 * @param annotations in samples of the recording
 * @param rate sampling rate of the recording, in Hz
 */
export function selectBeats(
  signal: Signal,
  { annotations, excluded, rate }: AnnotatedBeats & { rate: number },
  map: ClassMap,
  window: BeatWindow,
): SelectedBeats {
  const { up, down } = ratioOfRates(rate, signal.rate);
  const samples: number[] = [];
  const positions: number[] = [];
  const labels: string[] = [];
  const leftOut: SelectedBeats["leftOut"] = { outsideRecord: 0, missingSamples: 0, symbols: {} };
  const nextMissing = missingFinder(signal.samples);
  for (const { sample, symbol } of annotations) {
    const position = resampledPosition(sample, { up, down });
    const label = classLabel(map, symbol);
    const reason = label === undefined ? undefined : excluded?.get(sample);
    if (reason !== undefined) leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    else if (label === undefined) {
      if (isBeatSymbol(symbol)) leftOut.symbols[symbol] = (leftOut.symbols[symbol] ?? 0) + 1;
    } else if (position - window.before < 0 || position + window.after > signal.samples.length) {
      leftOut.outsideRecord++;
    } else if (nextMissing(position - window.before) < position + window.after) {
      leftOut.missingSamples++;
    } else {
      samples.push(sample);
      positions.push(position);
      labels.push(label);
    }
  }
  return { samples: Uint32Array.from(samples), positions: Uint32Array.from(positions), labels, leftOut };
}

/**
 * Writes samples `from` to `to − 1` of a signal in physical units, (adu − baseline) / gain, to the front of `out`.
 * A missing sample becomes NaN.
 */
export function physicalSamples(signal: Signal, from: number, to: number, out: Float64Array): void {
  const { samples, baseline, gain } = signal;
  const missing = missingSampleOf(samples);
  for (let i = from; i < to; i++) {
    out[i - from] = samples[i] === missing ? Number.NaN : (samples[i] - baseline) / gain;
  }
}

/** Writes the window around an R-peak in physical units to `out`, which has `before + after` values. */
export function cutBeat(signal: Signal, sample: number, window: BeatWindow, out: Float64Array): void {
  physicalSamples(signal, sample - window.before, sample + window.after, out);
}

/** Normalises a beat in place to mean 0 and population standard deviation 1; a constant beat becomes zeros. */
export function normaliseZScore(beat: Float64Array): void {
  let sum = 0;
  for (const value of beat) sum += value;
  const mean = sum / beat.length;
  let squares = 0;
  // Detected by its values: the rounded mean of a constant beat may differ from its value.
  let constant = true;
  for (const value of beat) {
    squares += (value - mean) ** 2;
    constant &&= value === beat[0];
  }
  if (constant) {
    beat.fill(0);
    return;
  }
  const deviation = Math.sqrt(squares / beat.length);
  for (let i = 0; i < beat.length; i++) beat[i] = (beat[i] - mean) / deviation;
}

/**
 * Returns a function that finds the first missing sample at or after a position. Ascending positions search the signal
 * once.
 */
export function missingFinder(samples: Signal["samples"]): (from: number) => number {
  const missing = missingSampleOf(samples);
  let searchedFrom = 0;
  let next = -1;
  return (from) => {
    if (from < searchedFrom || next < from) {
      const found = samples.indexOf(missing, from);
      next = found === -1 ? Infinity : found;
      searchedFrom = from;
    }
    return next;
  };
}
