/**
 * Groups of ectopic beats: singles, couplets, runs, and bigeminy and trigeminy. Pure.
 *
 * A group has successive beats of one class; two are a couplet, three or more a run. A ventricular run from 100 beats per
 * minute on is what guidelines call ventricular tachycardia (S. M. Al-Khatib et al., _2017 AHA/ACC/HRS guideline for
 * management of patients with ventricular arrhythmias_, Circulation 138 (2018), e272–e391); a slower one is none, so the
 * rate is always shown. Flutter and unreadable signal end a group.
 *
 * In bigeminy, single ectopic beats alternate with one beat of class N, in trigeminy with two. Programs differ in the
 * shortest episode; here it has three ectopic beats.
 */
import type { BeatTrain } from "./beat-train.ts";

/** Successive ectopic beats of one class. */
export interface EctopicGroup {
  /** Number of the first beat in the train. */
  first: number;
  beats: number;
  /** 60 divided by the mean interval inside the group, in beats per minute; null for a single beat. */
  rate: number | null;
}

/** Returns all groups of a class, in order of time. @param kind number of the class in `reportClasses` */
export function ectopicGroups(train: BeatTrain, kind: number): EctopicGroup[] {
  const { classes, intervals } = train;
  const groups: EctopicGroup[] = [];
  for (let i = 0; i < classes.length; i++) {
    if (classes[i] !== kind) continue;
    const first = i;
    let seconds = 0;
    while (i + 1 < classes.length && classes[i + 1] === kind && intervals[i + 1] > 0) seconds += intervals[++i];
    const beats = i - first + 1;
    groups.push({ first, beats, rate: beats === 1 ? null : (60 * (beats - 1)) / seconds });
  }
  return groups;
}

/** An episode of bigeminy or trigeminy, from its first ectopic beat to its last. */
export interface PatternEpisode {
  /** Numbers of the first and of the last ectopic beat in the train. */
  first: number;
  last: number;
  /** Ectopic beats. */
  beats: number;
}

/** Fewest ectopic beats of an episode. */
const MIN_PATTERN_BEATS = 3;

/**
 * Returns the episodes in which single ectopic beats follow each other after `between` beats of class N.
 * @param groups groups of one class, in order of time @param between 1: bigeminy, 2: trigeminy
 */
export function patternEpisodes(train: BeatTrain, groups: readonly EctopicGroup[], between: number): PatternEpisode[] {
  const episodes: PatternEpisode[] = [];
  let open: PatternEpisode | null = null;
  const close = (): void => {
    if (open && open.beats >= MIN_PATTERN_BEATS) episodes.push(open);
    open = null;
  };
  for (const { first, beats } of groups) {
    if (beats > 1) {
      close();
      continue;
    }
    if (open && continues(train, open.last, first, between)) {
      open.last = first;
      open.beats++;
    } else {
      close();
      open = { first, last: first, beats: 1 };
    }
  }
  close();
  return episodes;
}

function continues({ classes, intervals }: BeatTrain, last: number, next: number, between: number): boolean {
  if (next - last !== between + 1) return false;
  for (let i = last + 1; i <= next; i++) {
    if (!(intervals[i] > 0) || (i < next && classes[i] !== 0)) return false;
  }
  return true;
}
