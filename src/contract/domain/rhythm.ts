/** Rhythm of a recording, computed from its annotations: episodes, pauses, RR intervals and heart rate. Samples count from 0. */

/** Subject of an episode: the rhythm, or the signal quality. */
export type EpisodeKind = "rhythm" | "noise";

export interface Episode {
  kind: EpisodeKind;
  /** Rhythm code without WFDB's parenthesis, such as `AFIB`; for noise `n` or `u` (unreadable). */
  code: string;
  /** Samples `from` to `to` − 1. */
  from: number;
  to: number;
  /** Numbers of the leads with noise; empty for a rhythm. */
  leads: number[];
}

/** Columns of RR intervals in order of time. */
export interface RrIntervals {
  /** Sample of the beat that ends each interval. */
  samples: Uint32Array;
  /** Length of each interval, in s. */
  seconds: Float32Array;
}

/** Heart rate in bins of equal duration, in beats per minute; NaN for a bin without an interval. */
export interface HeartRateTrend {
  /** Duration of a bin, in s; bin b starts at b times this duration. */
  binSeconds: number;
  /** 60 divided by the mean RR interval. */
  mean: Float32Array;
  lowest: Float32Array;
  highest: Float32Array;
}

export interface RhythmSummary {
  /** In order of time; episodes of one kind do not overlap. */
  episodes: Episode[];
  /** RR intervals longer than {@link PAUSE_SECONDS}. */
  pauses: { from: number; to: number }[];
  intervals: RrIntervals;
  heartRate: HeartRateTrend;
}

/** An RR interval above this duration, in s, is a pause. */
export const PAUSE_SECONDS = 2;

/** Names of WFDB's rhythm codes, in MIT-BIH and the databases of the same annotators. */
const RHYTHMS: Readonly<Record<string, string>> = {
  AB: "Atrial bigeminy",
  AFIB: "Atrial fibrillation",
  AFL: "Atrial flutter",
  ASYS: "Asystole",
  AT: "Atrial tachycardia",
  B: "Ventricular bigeminy",
  BI: "First-degree heart block",
  BII: "Second-degree heart block",
  BIII: "Third-degree heart block",
  IVR: "Idioventricular rhythm",
  J: "Junctional rhythm",
  N: "Normal sinus rhythm",
  NOD: "Nodal (junctional) rhythm",
  P: "Paced rhythm",
  PAUSE: "Pause",
  PREX: "Pre-excitation (WPW)",
  SAB: "Sinoatrial block",
  SBR: "Sinus bradycardia",
  SVTA: "Supraventricular tachyarrhythmia",
  T: "Ventricular trigeminy",
  VF: "Ventricular fibrillation",
  VFIB: "Ventricular fibrillation",
  VFL: "Ventricular flutter",
  VT: "Ventricular tachycardia",
};

/** Returns the name of a rhythm; an unknown code is its own name. */
export function rhythmName(code: string): string {
  return Object.hasOwn(RHYTHMS, code) ? RHYTHMS[code] : code;
}

const COLOUR_SYMBOLS: Readonly<Record<string, string>> = {
  AB: "A",
  AFIB: "A",
  AFL: "A",
  AT: "A",
  SVTA: "A",
  B: "V",
  IVR: "V",
  T: "V",
  VF: "V",
  VFIB: "V",
  VFL: "V",
  VT: "V",
  J: "j",
  NOD: "j",
  PREX: "R",
  BI: "L",
  BII: "L",
  BIII: "L",
  SAB: "L",
  N: "N",
};

/** Returns the beat symbol whose colour a rhythm has: atrial rhythms as `A`, ventricular as `V`; unknown codes have none. */
export function rhythmColourSymbol(code: string): string {
  return Object.hasOwn(COLOUR_SYMBOLS, code) ? COLOUR_SYMBOLS[code] : "";
}
