/** The hours of a recording: by the clock where its start is known, else since its start. Pure. */
import { reportClasses, type RateRange, type ReportHour } from "../../../contract/domain/recording-report.ts";
import type { BeatTrain, Range } from "./beat-train.ts";
import type { EctopicGroup } from "./ectopic-groups.ts";
import type { RateWindows } from "./rate-windows.ts";

const HOUR_S = 3600;

export interface HourInput {
  train: BeatTrain;
  /** Duration of the recording, in s. */
  seconds: number;
  /** Local date and time of the first sample, ISO 8601 without a zone; null: unknown. */
  startsAt: string | null;
  windows: RateWindows;
  ventricular: readonly EctopicGroup[];
  supraventricular: readonly EctopicGroup[];
  /** In samples. */
  pauses: readonly Range[];
  fibrillation: readonly Range[];
}

/** Returns one row for each hour. A beat, a group and a pause belong to the hour in which they begin. */
export function reportHours({ train, seconds, startsAt, windows, ...events }: HourInput): ReportHour[] {
  const { rate, samples, classes, intervals } = train;
  const edges = hourEdges(seconds, startsAt);
  const hours = edges.slice(0, -1).map((from, i): ReportHour => {
    return {
      from,
      to: edges[i + 1],
      rate: { mean: null, lowest: null, highest: null },
      beats: reportClasses.map(() => 0),
      ventricularCouplets: 0,
      ventricularRuns: 0,
      supraventricularCouplets: 0,
      supraventricularRuns: 0,
      pauses: 0,
      fibrillation: 0,
    };
  });
  const offset = edges.length > 2 ? HOUR_S - edges[1] : 0;
  const hourAt = (sample: number): number => Math.min(hours.length - 1, Math.floor((sample / rate + offset) / HOUR_S));
  const sums = hours.map(() => ({ intervals: 0, seconds: 0 }));
  samples.forEach((sample, i) => {
    const hour = hourAt(sample);
    hours[hour].beats[classes[i]]++;
    if (Number.isNaN(intervals[i])) return;
    sums[hour].intervals++;
    sums[hour].seconds += intervals[i];
  });
  windows.rates.forEach((bpm, beat) => {
    if (Number.isNaN(bpm)) return;
    const { rate: range } = hours[hourAt(samples[beat])];
    range.lowest = Math.min(range.lowest ?? bpm, bpm);
    range.highest = Math.max(range.highest ?? bpm, bpm);
  });
  hours.forEach(({ rate: range }, i) => (range.mean = meanRate(sums[i])));
  for (const { first, beats } of events.ventricular) {
    if (beats === 2) hours[hourAt(samples[first])].ventricularCouplets++;
    if (beats > 2) hours[hourAt(samples[first])].ventricularRuns++;
  }
  for (const { first, beats } of events.supraventricular) {
    if (beats === 2) hours[hourAt(samples[first])].supraventricularCouplets++;
    if (beats > 2) hours[hourAt(samples[first])].supraventricularRuns++;
  }
  for (const { from } of events.pauses) hours[hourAt(from)].pauses++;
  for (const { from, to } of events.fibrillation) {
    for (const hour of hours) {
      hour.fibrillation += Math.max(0, Math.min(hour.to, to / rate) - Math.max(hour.from, from / rate));
    }
  }
  return hours;
}

function meanRate({ intervals, seconds }: { intervals: number; seconds: number }): RateRange["mean"] {
  return intervals === 0 ? null : (60 * intervals) / seconds;
}

/** Returns the begin of each hour and the end of the last, in s since the start of the recording. */
function hourEdges(seconds: number, startsAt: string | null): number[] {
  const edges = [0];
  for (let edge = HOUR_S - secondsIntoHour(startsAt); edge < seconds; edge += HOUR_S) edges.push(edge);
  return [...edges, seconds];
}

function secondsIntoHour(startsAt: string | null): number {
  const [, minutes, seconds] = /T\d\d:(\d\d)(?::(\d\d(?:\.\d+)?))?/.exec(startsAt ?? "") ?? [];
  return minutes === undefined ? 0 : 60 * Number(minutes) + Number(seconds ?? 0);
}
