/** Choices of reviewers about the extremes of a report: a place that is none, such as an artefact, and what is shown instead. */
import { z } from "zod";
import {
  extremeKinds,
  type Candidate,
  type Extreme,
  type ExtremeKind,
  type RecordingStatistics,
} from "./recording-report.ts";
import { reviewerSchema } from "./reviews.ts";
import { rhythmSchema } from "./viewing.ts";

/** `overruled`: the place is not the extreme. `chosen`: it is shown, although more extreme places are left. */
export const choiceActions = ["overruled", "chosen"] as const;
export type ChoiceAction = (typeof choiceActions)[number];

/** First and last sample of a place. */
const placeSchema = z.strictObject({ from: z.int().min(0), to: z.int().min(0) });
export type Place = z.infer<typeof placeSchema>;

export const MAX_REASON_LENGTH = 500;

/** An extreme of a recording by an annotation set; without one, by the recording's annotations. */
const extremeSchema = rhythmSchema.extend({ kind: z.enum(extremeKinds), place: placeSchema });
export const overruleSchema = extremeSchema.extend({
  reason: z.string().trim().min(1).max(MAX_REASON_LENGTH),
  reviewer: reviewerSchema,
  /** Shown instead; by default the most extreme place that is left. */
  instead: placeSchema.optional(),
});
export const restoreSchema = extremeSchema;

/** A choice, stored with the annotation set. */
export interface StripChoice extends Place {
  kind: ExtremeKind;
  action: ChoiceAction;
  reason: string;
  reviewer: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** A place with the choice that concerns it. */
export interface ChosenPlace {
  choice: StripChoice;
  place: Candidate;
}

/** The strip of an extreme, after the choices of reviewers. */
export interface ReportStrip {
  kind: ExtremeKind;
  found: number;
  /** The place that is shown; null: all places are overruled. */
  place: Candidate | null;
  /** Who chose this place, and why; null: the program, as the most extreme one left. */
  chosenBy: StripChoice | null;
  /** Overruled places, oldest choice first. */
  overruled: ChosenPlace[];
  /** Places to choose from, the most extreme first, without the overruled ones. */
  candidates: Candidate[];
}

/**
 * Applies the choices to the extremes. A place stays overruled until its choice is removed. Places that overlap an overruled
 * one are overruled with it: other settings of the report, such as the RR intervals of a rate, move them by some beats.
 */
export function stripsOf(extremes: readonly Extreme[], choices: readonly StripChoice[]): ReportStrip[] {
  return extremes.map(({ kind, found, candidates }) => {
    const ofKind = choices.filter((choice) => choice.kind === kind);
    const known = (choice: StripChoice): Candidate =>
      candidates.find((place) => isSamePlace(choice, place)) ?? {
        from: choice.from,
        to: choice.to,
        beats: null,
        rate: null,
      };
    const overruled = ofKind
      .filter(({ action }) => action === "overruled")
      .map((choice) => ({ choice, place: known(choice) }));
    const left = candidates.filter((place) => !overruled.some(({ choice }) => overlaps(choice, place)));
    const chosenBy = ofKind.findLast(({ action }) => action === "chosen") ?? null;
    const place = chosenBy === null ? (left.at(0) ?? null) : known(chosenBy);
    return { kind, found, place, chosenBy, overruled, candidates: left };
  });
}

/** Returns the statistics with the values of the strips where a reviewer overruled an extreme. Counts and hours stay. */
export function overruledStatistics(
  statistics: RecordingStatistics,
  strips: readonly ReportStrip[],
): RecordingStatistics {
  const changed = new Map(strips.filter(({ overruled }) => overruled.length > 0).map((strip) => [strip.kind, strip]));
  if (changed.size === 0) return statistics;
  const valueOf = <Value>(kind: ExtremeKind, value: Value, of: (place: Candidate | null) => Value): Value => {
    const strip = changed.get(kind);
    return strip === undefined ? value : of(strip.place);
  };
  const rateOf = (place: Candidate | null): number | null => place?.rate ?? null;
  const secondsOf = (place: Candidate | null): number =>
    place === null ? 0 : (place.to - place.from) / statistics.rate;
  const { heartRate, ectopy, pauses, rhythms } = statistics;
  const ofOrigin = (origin: keyof typeof ectopy): (typeof ectopy)[typeof origin] => ({
    ...ectopy[origin],
    longestRun: valueOf(`${origin}-longest-run`, ectopy[origin].longestRun, (place) => place?.beats ?? 0),
    fastestRun: valueOf(`${origin}-fastest-run`, ectopy[origin].fastestRun, rateOf),
  });
  return {
    ...statistics,
    heartRate: {
      ...heartRate,
      lowest: valueOf("lowest-rate", heartRate.lowest, rateOf),
      highest: valueOf("highest-rate", heartRate.highest, rateOf),
    },
    ectopy: { ventricular: ofOrigin("ventricular"), supraventricular: ofOrigin("supraventricular") },
    pauses: { ...pauses, longest: valueOf("longest-pause", pauses.longest, (place) => place && secondsOf(place)) },
    rhythms: rhythms.map((rhythm) =>
      rhythm.code === "AFIB"
        ? { ...rhythm, longest: valueOf("atrial-fibrillation", rhythm.longest, secondsOf) }
        : rhythm,
    ),
  };
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.from === other.from && one.to === other.to;
}

function overlaps(one: Place, other: Place): boolean {
  return isSamePlace(one, other) || (one.from < other.to && other.from < one.to);
}
