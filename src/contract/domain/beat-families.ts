/** Families of a review: beats of one recording that look alike, and what reviewers changed about them. */

/** A beat goes to another family. A family is named by the sample of its first beat when it was found or split off. */
export interface FamilyChange {
  /** Sample of the beat. */
  sample: number;
  /** Family that a reviewer gave it before, and after; null: the one of its shape. */
  from: number | null;
  to: number | null;
}

/** Families that reviewers gave to beats, as columns. */
export interface PackedFamilies {
  samples: Int32Array;
  /** −1: the family of its shape. */
  families: Int32Array;
}

/** Packs the family of each changed beat; null: that of its shape. */
export function packFamilies(changes: Iterable<readonly [sample: number, family: number | null]>): PackedFamilies {
  const all = [...changes];
  return {
    samples: Int32Array.from(all, ([sample]) => sample),
    families: Int32Array.from(all, ([, family]) => family ?? -1),
  };
}

/** The beats of a recording by their shapes. */
export interface BeatShapes {
  /** R-peaks, ascending. */
  samples: Int32Array;
  /** Family of each beat by its shape, whatever reviewers gave it. */
  families: Int32Array;
  /** Correlation of each beat with the mean of that family, −1 to 1. */
  correlations: Float32Array;
  /** Place of each beat on the map of beats: the two main axes of all shapes, in the leads' unit. */
  map: { x: Float32Array; y: Float32Array };
  /** Names of the leads that the shapes have, and their unit. */
  leads: { lead: string; units: string }[];
  /** Points of each lead, points before the R-peak, and points in a second. */
  points: number;
  pointsBefore: number;
  rate: number;
  /** Mean shapes of all families, also of those that reviewers made: the points of each lead, one lead after the other, each without its mean. */
  means: { family: number; values: Float32Array }[];
}
