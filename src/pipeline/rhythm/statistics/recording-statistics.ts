/** All statistics of a recording's report, from its annotations. Pure. */
import {
  reportClasses,
  type EctopicOrigin,
  type EctopySummary,
  type PatternCounts,
  type RecordingStatistics,
  type ReportSettings,
} from "../../../contract/domain/recording-report.ts";
import { findEpisodes, flutterRanges, type AnnotatedRecording } from "../episodes.ts";
import { heartRateTrend } from "../rr-intervals.ts";
import { beatTrain, united, type BeatTrain, type Range } from "./beat-train.ts";
import { ectopicGroups, patternEpisodes, type PatternEpisode } from "./ectopic-groups.ts";
import { findExtremes, type EctopicEvents } from "./find-extremes.ts";
import { rateVariability } from "./rate-variability.ts";
import { extremeWindows, rateWindows, secondsOfWindows } from "./rate-windows.ts";
import { reportHours } from "./report-hours.ts";
import { otherRhythms, rhythmShares } from "./rhythm-shares.ts";
import { poincareCells, rrHistogram, tachogram } from "./rr-distributions.ts";

/** Shortest bin of the heart rate trend, in s. */
const TREND_BIN_S = 60;

/** Class of the ectopic beats of each origin. */
const CLASS_OF: Readonly<Record<EctopicOrigin, number>> = {
  ventricular: reportClasses.indexOf("V"),
  supraventricular: reportClasses.indexOf("S"),
};

export interface StatisticsInput extends AnnotatedRecording {
  /** Local date and time of the first sample, ISO 8601 without a zone; null: unknown. */
  startsAt: string | null;
}

/**
 * Returns the statistics of all heartbeats. RR intervals that reach into ventricular flutter, or into signal that is
 * unreadable in all leads, are left out of rates, groups, variability and pauses.
 */
export function recordingStatistics(recording: StatisticsInput, settings: ReportSettings): RecordingStatistics {
  const { annotations, rate, length, leads, startsAt } = recording;
  const seconds = length / rate;
  const episodes = findEpisodes(recording);
  const noise = episodes.filter(({ kind }) => kind === "noise");
  const unreadable = noise.filter((episode) => episode.code === "u" && episode.leads.length === leads);
  const breaks = united([...flutterRanges(recording), ...unreadable]);
  const { classMap, pauseSeconds, rateIntervals, nnChange, bradycardiaBpm, tachycardiaBpm } = settings;
  const train = beatTrain(annotations, rate, { classMap, breaks });
  const windows = rateWindows(train, rateIntervals);
  const ectopy = { ventricular: eventsOf(train, "ventricular"), supraventricular: eventsOf(train, "supraventricular") };
  const pauses = pausesOf(train, pauseSeconds);
  const rateAt = (which: "highest" | "lowest"): number | null => extremeWindows(windows, which, 1).at(0)?.rate ?? null;
  return {
    settings,
    rate,
    length,
    startsAt,
    heartbeats: train.samples.length,
    classes: classCounts(train),
    heartRate: { mean: meanRate(train), lowest: rateAt("lowest"), highest: rateAt("highest") },
    slowSeconds: secondsOfWindows(windows, train, (bpm) => bpm < bradycardiaBpm),
    fastSeconds: secondsOfWindows(windows, train, (bpm) => bpm > tachycardiaBpm),
    ectopy: {
      ventricular: summaryOf(train, ectopy.ventricular),
      supraventricular: summaryOf(train, ectopy.supraventricular),
    },
    pauses: {
      count: pauses.length,
      longest: pauses.length === 0 ? null : Math.max(...pauses.map(({ from, to }) => (to - from) / rate)),
      unreadable: unreadableIntervals(train, pauseSeconds, unreadable),
    },
    rhythms: rhythmShares(episodes, length, rate),
    noiseSeconds: secondsOf(noise, rate),
    unreadableSeconds: secondsOf(unreadable, rate),
    hours: reportHours({
      train,
      seconds,
      startsAt,
      windows,
      ventricular: ectopy.ventricular.groups,
      supraventricular: ectopy.supraventricular.groups,
      pauses,
      fibrillation: episodes.filter(({ kind, code }) => kind === "rhythm" && code === "AFIB"),
    }),
    variability: rateVariability(train, { nnChange, otherRhythms: otherRhythms(episodes) }),
    trend: heartRateTrend({ samples: train.samples, seconds: train.intervals }, rate, seconds, TREND_BIN_S),
    histogram: rrHistogram(train),
    poincare: poincareCells(train),
    tachogram: tachogram(train, seconds),
    extremes: findExtremes({ train, windows, pauses, episodes, ectopy }),
  };
}

function classCounts({ classes }: BeatTrain): number[] {
  const counts = reportClasses.map(() => 0);
  for (const number of classes) counts[number]++;
  return counts;
}

function eventsOf(train: BeatTrain, origin: EctopicOrigin): EctopicEvents {
  const groups = ectopicGroups(train, CLASS_OF[origin]);
  return {
    groups,
    bigeminy: patternEpisodes(train, groups, 1),
    trigeminy: patternEpisodes(train, groups, 2),
  };
}

function summaryOf(train: BeatTrain, { groups, bigeminy, trigeminy }: EctopicEvents): EctopySummary {
  const beats = groups.reduce((sum, group) => sum + group.beats, 0);
  const runs = groups.filter((group) => group.beats > 2);
  const ofLength = (length: number): number => groups.filter((group) => group.beats === length).length;
  return {
    beats,
    burden: train.samples.length === 0 ? 0 : beats / train.samples.length,
    singles: ofLength(1),
    couplets: ofLength(2),
    triplets: ofLength(3),
    runs: runs.length,
    runBeats: runs.reduce((sum, run) => sum + run.beats, 0),
    longestRun: runs.reduce((longest, run) => Math.max(longest, run.beats), 0),
    fastestRun: runs.length === 0 ? null : runs.reduce((fastest, run) => Math.max(fastest, run.rate ?? 0), 0),
    bigeminy: patternCounts(train, bigeminy),
    trigeminy: patternCounts(train, trigeminy),
  };
}

function patternCounts({ samples, rate }: BeatTrain, episodes: readonly PatternEpisode[]): PatternCounts {
  return {
    episodes: episodes.length,
    beats: episodes.reduce((sum, { beats }) => sum + beats, 0),
    seconds: episodes.reduce((sum, { first, last }) => sum + (samples[last] - samples[first]) / rate, 0),
  };
}

function pausesOf({ samples, intervals }: BeatTrain, pauseSeconds: number): Range[] {
  const pauses: Range[] = [];
  intervals.forEach((interval, i) => {
    if (interval > pauseSeconds) pauses.push({ from: samples[i - 1], to: samples[i] });
  });
  return pauses;
}

function unreadableIntervals({ samples, rate }: BeatTrain, pauseSeconds: number, unreadable: readonly Range[]): number {
  let count = 0;
  for (let i = 1; i < samples.length; i++) {
    const [from, to] = [samples[i - 1], samples[i]];
    if ((to - from) / rate > pauseSeconds && unreadable.some((range) => range.from < to && range.to > from)) count++;
  }
  return count;
}

function meanRate({ intervals }: BeatTrain): number | null {
  let [sum, count] = [0, 0];
  for (const interval of intervals) {
    if (Number.isNaN(interval)) continue;
    sum += interval;
    count++;
  }
  return count === 0 ? null : (60 * count) / sum;
}

function secondsOf(ranges: readonly Range[], rate: number): number {
  return ranges.reduce((sum, { from, to }) => sum + (to - from) / rate, 0);
}
