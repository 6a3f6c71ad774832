/** Choices of a reviewer about the strips of a report: another place, or a place that is not the extreme. */
import type { Candidate, Extreme, ExtremeKind } from "./recording-report.ts";

export const choiceActions = ["chosen", "excluded"] as const;
export type ChoiceAction = (typeof choiceActions)[number];

/** A choice, stored with the annotation set. */
export interface StripChoice {
  kind: ExtremeKind;
  action: ChoiceAction;
  /** First and last sample of the place. */
  from: number;
  to: number;
  /** Why; empty where a reviewer gave no reason for another strip. */
  reason: string;
  /** Name of the reviewer; empty: not given. */
  reviewer: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** The strip of an extreme, after the choices of reviewers. */
export interface ReportStrip {
  kind: ExtremeKind;
  found: number;
  /** The place that is shown; null: all places are excluded. */
  place: Candidate | null;
  /** Who chose this place, and why; null: the program, as the most extreme one left. */
  chosenBy: StripChoice | null;
  /** Excluded places. */
  excluded: StripChoice[];
  /** Places to choose from, the most extreme first, without the excluded ones. */
  candidates: Candidate[];
}

/** Applies the choices to the extremes. An excluded place stays excluded until its choice is removed. */
export function stripsOf(extremes: readonly Extreme[], choices: readonly StripChoice[]): ReportStrip[] {
  return extremes.map(({ kind, found, candidates }) => {
    const ofKind = choices.filter((choice) => choice.kind === kind);
    const excluded = ofKind.filter(({ action }) => action === "excluded");
    const left = candidates.filter((place) => !excluded.some((choice) => isSamePlace(choice, place)));
    const chosenBy = ofKind.findLast(({ action }) => action === "chosen") ?? null;
    const known = candidates.find((place) => chosenBy !== null && isSamePlace(chosenBy, place));
    const chosen = chosenBy && (known ?? { from: chosenBy.from, to: chosenBy.to, beats: null, rate: null });
    return { kind, found, place: chosen ?? left.at(0) ?? null, chosenBy, excluded, candidates: left };
  });
}

export function isSamePlace(one: { from: number; to: number }, other: { from: number; to: number }): boolean {
  return one.from === other.from && one.to === other.to;
}
