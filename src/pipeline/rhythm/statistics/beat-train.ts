/** The heartbeats of a recording as columns: times, classes, and the interval before each. Pure. */
import { classLabel, isHeartbeat } from "../../../contract/domain/class-maps.ts";
import { reportClasses, type ReportSettings } from "../../../contract/domain/recording-report.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";

/** Samples `from` to `to` − 1. */
export interface Range {
  from: number;
  to: number;
}

export interface BeatTrain {
  /** Sampling rate, in Hz. */
  rate: number;
  /** Sample of each heartbeat, ascending. */
  samples: Uint32Array;
  /** Number of each beat's class in `reportClasses`. */
  classes: Uint8Array;
  /** 1 for a beat conducted from the sinus node: N, L, R and B; neither ectopic nor an escape beat. */
  sinus: Uint8Array;
  /** Interval before each beat, in s; NaN before the first beat, and where a break lies in it. */
  intervals: Float64Array;
}

/**
 * Returns the heartbeats in order of time. A beat at the sample of the beat before it has no interval.
 * @param breaks stretches without single beats (flutter, unreadable signal), in order of time
 */
export function beatTrain(
  annotations: readonly Annotation[],
  rate: number,
  { classMap, breaks }: Pick<ReportSettings, "classMap"> & { breaks: readonly Range[] },
): BeatTrain {
  const numbers = new Map<string, { class: number; sinus: number }>();
  const beats = annotations.filter(({ symbol }) => isHeartbeat(symbol));
  const samples = Uint32Array.from(beats, ({ sample }) => sample);
  const classes = new Uint8Array(beats.length);
  const sinus = new Uint8Array(beats.length);
  beats.forEach(({ symbol }, i) => {
    let known = numbers.get(symbol);
    if (known === undefined) {
      const label = classLabel(classMap, symbol);
      known = {
        class: reportClasses.findIndex((each) => each === label),
        // By EC57's class map, escape beats are not in N.
        sinus: classLabel("ec57", symbol) === "N" ? 1 : 0,
      };
      numbers.set(symbol, known);
    }
    classes[i] = known.class;
    sinus[i] = known.sinus;
  });
  return { rate, samples, classes, sinus, intervals: intervalsOf(samples, rate, breaks) };
}

function intervalsOf(samples: Uint32Array, rate: number, breaks: readonly Range[]): Float64Array {
  const intervals = new Float64Array(samples.length).fill(Number.NaN);
  let next = 0;
  for (let i = 1; i < samples.length; i++) {
    const [from, to] = [samples[i - 1], samples[i]];
    while (next < breaks.length && breaks[next].to <= from) next++;
    const broken = next < breaks.length && breaks[next].from < to;
    if (to > from && !broken) intervals[i] = (to - from) / rate;
  }
  return intervals;
}

/** Returns ranges in order of time, with those that touch or overlap united. */
export function united(ranges: readonly Range[]): Range[] {
  const all: Range[] = [];
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}
