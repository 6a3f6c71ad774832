/** Detects R-peaks in a stored recording, block by block. */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { Annotation } from "../../contract/domain/recordings.ts";
import { LEAST_RATE_HZ, RPeakDetector, type Detected } from "../../pipeline/detection/r-peak-detector.ts";
import { MISSING_VALUE } from "../../pipeline/recordings/source.ts";
import { unitsPerMillivolt } from "../../pipeline/recordings/units.ts";
import { openRecord } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import { loadStoredRecord } from "./stored-record.ts";

export interface DetectInput {
  /** Folder of the dataset. */
  folder: string;
  name: string;
  /** Name of the lead to read; undefined: all leads of the highest rate. */
  lead?: string | undefined;
}

/** Subtypes of `~`: all leads unreadable, or no noise. */
const [UNREADABLE, CLEAN] = [-1, 0];
/** Leads for which a subtype of `~` has a bit. */
const LEADS_WITH_BIT = 4;

/**
 * Returns detected beats as `N`, pacing spikes as `^`, and changes of the signal quality (`~`) around flat and noisy
 * stretches, in order of time.
 * @throws EctopyError `unsupported`: no such lead, or its rate is too low; as `loadStoredRecord`
 */
export function detectPeaks({ folder, name, lead }: DetectInput): Annotation[] {
  const source = openRecord(loadStoredRecord(folder, name));
  const fastest = Math.max(...source.signals.map(({ samplesPerFrame }) => samplesPerFrame));
  const usable = source.signals.flatMap((signal, i) =>
    signal.samplesPerFrame === fastest && (lead === undefined || sameName(signal.lead, lead)) ? [i] : [],
  );
  const voltages = usable.filter((i) => unitsPerMillivolt(source.signals[i].units) !== null);
  const chosen = voltages.length > 0 ? voltages : usable;
  if (chosen.length === 0 || source.rate < LEAST_RATE_HZ) {
    throw new EctopyError(
      "unsupported",
      chosen.length === 0
        ? `Recording ${name} has no lead ${lead} at its highest sampling rate.`
        : `Recording ${name} has ${source.rate} Hz: R-peaks need ${LEAST_RATE_HZ} Hz or more.`,
      `Its leads: ${source.signals.map((signal) => signal.lead).join(", ")}.`,
    );
  }
  const detector = new RPeakDetector(source.rate, chosen.length);
  const found: Detected[] = [];
  for (const { samples } of source.blocks(chosen)) {
    found.push(detector.add(samples.map((values, i) => physical(values, source.signals[chosen[i]]))));
  }
  found.push(detector.finish());
  const noisy = chosen.reduce((bits, i) => (i < LEADS_WITH_BIT ? bits | (1 << i) : bits), 0);
  return found.flatMap((each) => annotationsOf(each, noisy)).sort((a, b) => a.sample - b.sample);
}

function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function physical(values: Int32Array, { gain, baseline }: { gain: number; baseline: number }): Float32Array {
  return Float32Array.from(values, (value) => (value === MISSING_VALUE ? NaN : (value - baseline) / gain));
}

/** @param noisy subtype of `~` for noise in the leads that were read */
function annotationsOf({ beats, marks, spikes }: Detected, noisy: number): Annotation[] {
  return [
    ...beats.map((sample) => annotation(sample, "N", 0)),
    ...spikes.map((sample) => annotation(sample, "^", 0)),
    ...marks.flatMap(({ kind, from, to }) => [
      annotation(from, "~", kind === "flat" ? UNREADABLE : noisy),
      annotation(to, "~", CLEAN),
    ]),
  ];
}

function annotation(sample: number, symbol: string, subtype: number): Annotation {
  return { sample, symbol, subtype, channel: 0, num: 0, aux: "" };
}
