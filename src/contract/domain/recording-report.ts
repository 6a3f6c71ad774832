/** Report of a recording: statistics of its beats and rhythm by one annotator, and the extremes that its strips show. */
import { z } from "zod";
import { PAUSE_SECONDS, type HeartRateTrend } from "./rhythm.ts";
import { rhythmSchema } from "./viewing.ts";

/** AAMI classes with escape beats in N (`aami`) or in S (`ec57`). */
export const reportClassMaps = ["aami", "ec57"] as const;

/** Characters of the institution that a report names. */
export const MAX_INSTITUTION_LENGTH = 120;

export const reportSettingsSchema = z.strictObject({
  classMap: z.enum(reportClassMaps).default("aami"),
  /** An RR interval above this duration, in s, is a pause. */
  pauseSeconds: z.number().min(1).max(10).default(PAUSE_SECONDS),
  /** Number of successive RR intervals over which the lowest and the highest heart rate are averaged. */
  rateIntervals: z.int().min(1).max(64).default(8),
  /** A heart rate below or above, over `rateIntervals` RR intervals, is bradycardia or tachycardia; in beats per minute. */
  bradycardiaBpm: z.number().min(20).max(100).default(50),
  tachycardiaBpm: z.number().min(60).max(250).default(100),
  /** Largest change from the preceding NN interval, in %; a larger one is an artefact. 0: any change is accepted. */
  nnChange: z.number().min(0).max(100).default(20),
});
export type ReportSettings = z.infer<typeof reportSettingsSchema>;

export const DEFAULT_REPORT_SETTINGS: Readonly<ReportSettings> = reportSettingsSchema.parse({});

/** Classes of the report, in the order of their numbers. */
export const reportClasses = ["N", "S", "V", "F", "Q"] as const;
export type ReportClass = (typeof reportClasses)[number];

/** Origins of ectopic beats: class V, and class S. */
export const ectopicOrigins = ["ventricular", "supraventricular"] as const;
export type EctopicOrigin = (typeof ectopicOrigins)[number];

/** Episodes of one pattern, such as bigeminy. */
export interface PatternCounts {
  episodes: number;
  /** Ectopic beats in them. */
  beats: number;
  /** Duration of all of them, in s. */
  seconds: number;
}

/** Ectopic beats of one origin. */
export interface EctopySummary {
  beats: number;
  /** Share of all heartbeats, from 0 to 1. */
  burden: number;
  /** Ectopic beats without another one of the same origin beside them, those of bigeminy and trigeminy included. */
  singles: number;
  /** Groups of two successive beats. */
  couplets: number;
  /** Groups of three successive beats, which are runs too. */
  triplets: number;
  /** Groups of three and more successive beats. */
  runs: number;
  /** Beats in runs. */
  runBeats: number;
  /** Beats of the longest run; 0: no run. */
  longestRun: number;
  /** Rate of the fastest run, in beats per minute; null: no run. */
  fastestRun: number | null;
  bigeminy: PatternCounts;
  trigeminy: PatternCounts;
}

/** Rates in beats per minute; null: too few RR intervals. */
export interface RateRange {
  mean: number | null;
  /** Lowest and highest mean of `rateIntervals` successive RR intervals. */
  lowest: number | null;
  highest: number | null;
}

/** One hour of the recording: by the clock where its start is known, else since its start. */
export interface ReportHour {
  /** Begin and end, in s since the start of the recording. */
  from: number;
  to: number;
  rate: RateRange;
  /** Heartbeats of each class, in the order of `reportClasses`. */
  beats: number[];
  /** Groups that begin in this hour. */
  ventricularCouplets: number;
  ventricularRuns: number;
  supraventricularCouplets: number;
  supraventricularRuns: number;
  pauses: number;
  /** Duration of atrial fibrillation, in s. */
  fibrillation: number;
}

/** One rhythm of the annotations. */
export interface RhythmShare {
  /** Code without WFDB's parenthesis, such as `AFIB`. */
  code: string;
  episodes: number;
  /** Duration of all episodes, in s. */
  seconds: number;
  /** Share of the recording's duration, from 0 to 1. */
  share: number;
  /** Duration of the longest episode, in s. */
  longest: number;
}

/** Time-domain measures of the NN intervals, and what was left out. */
export interface RateVariability {
  /** Accepted NN intervals. */
  intervals: number;
  /** NN intervals that were left out as artefacts. */
  excluded: number;
  /** In ms. */
  meanNn: number;
  sdnn: number;
  rmssd: number;
  /** Share of successive differences above 50 ms, from 0 to 1. */
  pnn50: number;
  /** Triangular index: accepted intervals divided by the largest bin of 1/128 s. */
  triangularIndex: number;
  /** In ms; null: fewer than two segments of five minutes. */
  sdann: number | null;
  sdnnIndex: number | null;
  /** Standard deviations across and along the identity line of the Poincaré plot, in ms. */
  sd1: number;
  sd2: number;
}

/** Counts of RR intervals by length; the last bin holds all longer ones. */
export interface RrHistogram {
  /** Width of a bin, in ms; bin b starts at b times this width. */
  binMs: number;
  counts: Uint32Array;
}

/** Pairs of successive RR intervals, counted in square cells; those beyond the last cell are left out. */
export interface PoincareCells {
  /** Side of a cell, in ms. */
  cellMs: number;
  /** Number of each occupied cell: the interval, and the next one. */
  columns: Uint16Array;
  rows: Uint16Array;
  counts: Uint32Array;
}

/** Shortest and longest RR interval of each column of time, in s; NaN for a column without an interval. */
export interface Tachogram {
  /** Duration of a column, in s. */
  columnSeconds: number;
  shortest: Float32Array;
  longest: Float32Array;
}

/** Extremes, each with a strip in the report. */
export const extremeKinds = [
  "highest-rate",
  "lowest-rate",
  "longest-pause",
  "atrial-fibrillation",
  "ventricular-flutter",
  "ventricular-longest-run",
  "ventricular-fastest-run",
  "ventricular-couplet",
  "ventricular-bigeminy",
  "ventricular-trigeminy",
  "ventricular-single",
  "supraventricular-longest-run",
  "supraventricular-fastest-run",
  "supraventricular-couplet",
  "supraventricular-bigeminy",
  "supraventricular-trigeminy",
  "supraventricular-single",
] as const;
export type ExtremeKind = (typeof extremeKinds)[number];

/** A place that can be the extreme. */
export interface Candidate {
  /** First and last sample: of its beats, or of the episode. */
  from: number;
  to: number;
  /** Beats that it counts; null where it is measured in time. */
  beats: number | null;
  /** In beats per minute; null where it has none. */
  rate: number | null;
}

export interface Extreme {
  kind: ExtremeKind;
  /** Number of all such places in the recording. */
  found: number;
  /** The most extreme first, at most {@link MAX_CANDIDATES}. */
  candidates: Candidate[];
}

export const MAX_CANDIDATES = 20;

/** Statistics of a recording by one annotator. */
export interface RecordingStatistics {
  settings: ReportSettings;
  /** Sampling rate in Hz, and samples of a lead. */
  rate: number;
  length: number;
  /** Local date and time of the first sample, ISO 8601 without a zone; null: unknown. */
  startsAt: string | null;
  heartbeats: number;
  /** In the order of `reportClasses`. */
  classes: number[];
  heartRate: RateRange;
  /** Time in which the heart rate is below and above the limits, in s. */
  slowSeconds: number;
  fastSeconds: number;
  ectopy: Record<EctopicOrigin, EctopySummary>;
  pauses: {
    count: number;
    /** Longest, in s; null: none. */
    longest: number | null;
    /** Intervals above the limit that reach into unreadable signal, which are no pauses. */
    unreadable: number;
  };
  /** The longest rhythm first; empty: the annotations name no rhythm. */
  rhythms: RhythmShare[];
  /** Duration of noise and of unreadable signal by the annotations, in s. */
  noiseSeconds: number;
  unreadableSeconds: number;
  hours: ReportHour[];
  /** Null: fewer than two NN intervals follow one another. */
  variability: RateVariability | null;
  /** Heart rate in bins of a minute or longer. */
  trend: HeartRateTrend;
  histogram: RrHistogram;
  poincare: PoincareCells;
  tachogram: Tachogram;
  extremes: Extreme[];
}

/** A report of a recording by an annotation set; without one, by the recording's annotations. */
export const reportSchema = rhythmSchema.extend({ settings: reportSettingsSchema.prefault({}) });
export type ReportChoice = z.output<typeof reportSchema>;
