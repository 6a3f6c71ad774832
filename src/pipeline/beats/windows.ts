/**
 * Beat windows: which annotations become beats, and the samples around each, in mV.
 *
 * A window holds `before` samples before the R-peak and `after` from it on, wholly inside the record and without gaps.
 */
import { classLabel, isBeatSymbol, type ClassMap } from "../../contract/domain/class-maps.ts";
import type { LeftOut } from "../../contract/domain/preparation.ts";
import { MISSING_SAMPLE, type Annotation, type Signal } from "../../contract/domain/recordings.ts";

export interface BeatWindow {
  before: number;
  after: number;
}

/** The beats of one record, in the order of their annotations. */
export interface SelectedBeats {
  /** Sample number of each R-peak. */
  samples: Uint32Array;
  /** Class label of each. */
  labels: string[];
  leftOut: Pick<LeftOut, "outsideRecord" | "missingSamples" | "symbols">;
}

/** Chooses the beats of one signal of a record. Every annotated beat is either taken or counted as left out, once. */
export function selectBeats(
  signal: Signal,
  annotations: readonly Annotation[],
  map: ClassMap,
  window: BeatWindow,
): SelectedBeats {
  const samples: number[] = [];
  const labels: string[] = [];
  const leftOut: SelectedBeats["leftOut"] = { outsideRecord: 0, missingSamples: 0, symbols: {} };
  const nextMissing = missingFinder(signal.samples);
  for (const { sample, symbol } of annotations) {
    const label = classLabel(map, symbol);
    if (label === undefined) {
      if (isBeatSymbol(symbol)) leftOut.symbols[symbol] = (leftOut.symbols[symbol] ?? 0) + 1;
    } else if (sample - window.before < 0 || sample + window.after > signal.samples.length) {
      leftOut.outsideRecord++;
    } else if (nextMissing(sample - window.before) < sample + window.after) {
      leftOut.missingSamples++;
    } else {
      samples.push(sample);
      labels.push(label);
    }
  }
  return { samples: Uint32Array.from(samples), labels, leftOut };
}

/**
 * Samples `from` to `to − 1` of a signal in physical units, (adu − baseline) / gain, into the front of `out`.
 * A missing sample becomes NaN.
 */
export function physicalSamples(signal: Signal, from: number, to: number, out: Float64Array): void {
  const { samples, baseline, gain } = signal;
  for (let i = from; i < to; i++) {
    out[i - from] = samples[i] === MISSING_SAMPLE ? Number.NaN : (samples[i] - baseline) / gain;
  }
}

/** The window around an R-peak in physical units, into `out` of `before + after` values. */
export function cutBeat(signal: Signal, sample: number, window: BeatWindow, out: Float64Array): void {
  physicalSamples(signal, sample - window.before, sample + window.after, out);
}

/** To mean 0 and population standard deviation 1, in place; a constant beat becomes zeros. */
export function normaliseZScore(beat: Float64Array): void {
  let sum = 0;
  for (const value of beat) sum += value;
  const mean = sum / beat.length;
  let squares = 0;
  // A constant beat's rounded mean may miss its value: it is told by its values, not by its deviation.
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

/** The first missing sample at or after each place asked for; asked in order of time, the signal is searched once. */
function missingFinder(samples: Signal["samples"]): (from: number) => number {
  let searchedFrom = 0;
  let next = -1;
  return (from) => {
    if (from < searchedFrom || next < from) {
      const found = samples.indexOf(MISSING_SAMPLE, from);
      next = found === -1 ? Infinity : found;
      searchedFrom = from;
    }
    return next;
  };
}
