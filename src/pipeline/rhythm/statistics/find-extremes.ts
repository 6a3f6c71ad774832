/** The extremes of a recording, each with the places that come next: a reviewer may overrule the choice. Pure. */
import {
  ectopicOrigins,
  MAX_CANDIDATES,
  type Candidate,
  type EctopicOrigin,
  type Extreme,
  type ExtremeKind,
} from "../../../contract/domain/recording-report.ts";
import type { Episode } from "../../../contract/domain/rhythm.ts";
import type { BeatTrain, Range } from "./beat-train.ts";
import type { EctopicGroup, PatternEpisode } from "./ectopic-groups.ts";
import { extremeWindows, type RateWindow, type RateWindows } from "./rate-windows.ts";

/** Ectopic beats of one origin. */
export interface EctopicEvents {
  groups: readonly EctopicGroup[];
  bigeminy: readonly PatternEpisode[];
  trigeminy: readonly PatternEpisode[];
}

export interface ExtremeInput {
  train: BeatTrain;
  windows: RateWindows;
  pauses: readonly Range[];
  episodes: readonly Episode[];
  ectopy: Record<EctopicOrigin, EctopicEvents>;
}

const FLUTTER_CODES = new Set(["VFL", "VF", "VFIB"]);

/** Returns the extremes that the recording has, in the order of `extremeKinds`. */
export function findExtremes(input: ExtremeInput): Extreme[] {
  const { train, windows, pauses, episodes } = input;
  const { rate, samples } = train;
  const ofWindow = ({ first, last, rate: bpm }: RateWindow): Candidate => {
    return { from: samples[first], to: samples[last], beats: null, rate: bpm };
  };
  const rates = (kind: ExtremeKind, which: "highest" | "lowest"): Extreme => {
    const found = extremeWindows(windows, which, MAX_CANDIDATES);
    return { kind, found: found.length, candidates: found.map(ofWindow) };
  };
  const longest = (kind: ExtremeKind, ranges: readonly Range[], bpm: (range: Range) => number | null): Extreme =>
    ranked(
      kind,
      ranges,
      ({ from, to }) => to - from,
      (range) => ({ from: range.from, to: range.to, beats: null, rate: bpm(range) }),
    );
  const rhythms = (matches: (code: string) => boolean): Episode[] =>
    episodes.filter(({ kind, code }) => kind === "rhythm" && matches(code));
  return [
    rates("highest-rate", "highest"),
    rates("lowest-rate", "lowest"),
    longest("longest-pause", pauses, ({ from, to }) => (60 * rate) / (to - from)),
    longest(
      "atrial-fibrillation",
      rhythms((code) => code === "AFIB"),
      (range) => meanRateIn(train, range),
    ),
    longest(
      "ventricular-flutter",
      rhythms((code) => FLUTTER_CODES.has(code)),
      () => null,
    ),
    ...ectopicOrigins.flatMap((origin) => ectopicExtremes(train, origin, input.ectopy[origin])),
  ].filter(({ found }) => found > 0);
}

function ectopicExtremes(
  train: BeatTrain,
  origin: EctopicOrigin,
  { groups, bigeminy, trigeminy }: EctopicEvents,
): Extreme[] {
  const { samples, intervals } = train;
  const ofGroup = ({ first, beats, rate }: EctopicGroup): Candidate => {
    return { from: samples[first], to: samples[first + beats - 1], beats, rate };
  };
  const ofPattern = ({ first, last, beats }: PatternEpisode): Candidate => {
    return { from: samples[first], to: samples[last], beats, rate: null };
  };
  const byRate = ({ rate }: EctopicGroup): number => rate ?? 0;
  const runs = groups.filter(({ beats }) => beats > 2);
  const singles = groups.filter(({ beats, first }) => beats === 1 && !Number.isNaN(intervals[first]));
  return [
    ranked(`${origin}-longest-run`, runs, ({ beats }) => beats, ofGroup),
    ranked(`${origin}-fastest-run`, runs, byRate, ofGroup),
    ranked(
      `${origin}-couplet`,
      groups.filter(({ beats }) => beats === 2),
      byRate,
      ofGroup,
    ),
    ranked(`${origin}-bigeminy`, bigeminy, ({ beats }) => beats, ofPattern),
    ranked(`${origin}-trigeminy`, trigeminy, ({ beats }) => beats, ofPattern),
    // The beat that comes earliest after the one before it.
    ranked(
      `${origin}-single`,
      singles,
      ({ first }) => -intervals[first],
      (group) => ({
        ...ofGroup(group),
        rate: 60 / intervals[group.first],
      }),
    ),
  ];
}

/** Ranks places by a size, the largest first; equal ones stay in order of time. */
function ranked<Place>(
  kind: ExtremeKind,
  places: readonly Place[],
  size: (place: Place) => number,
  candidate: (place: Place) => Candidate,
): Extreme {
  const candidates = places
    .map((place) => ({ place, size: size(place) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, MAX_CANDIDATES)
    .map(({ place }) => candidate(place));
  return { kind, found: places.length, candidates };
}

function meanRateIn({ samples, intervals }: BeatTrain, { from, to }: Range): number | null {
  let [sum, count] = [0, 0];
  samples.forEach((sample, i) => {
    if (sample <= from || sample >= to || Number.isNaN(intervals[i])) return;
    sum += intervals[i];
    count++;
  });
  return count === 0 ? null : (60 * count) / sum;
}
