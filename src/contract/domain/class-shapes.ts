/** Mean beats of the classes of a test set, and the beats that a run confused, with their means. */
import type { BeatPlace } from "./comparison.ts";

export interface MeanBeat {
  /** Number of real beats. */
  beats: number;
  /** Mean and standard deviation (n − 1; 0 for one beat) of each value, samples × channels; empty without beats. */
  mean: Float32Array;
  sd: Float32Array;
}

/**
 * Root mean square of the differences over samples and channels, in the units of the beats: from the mean beat of the
 * true class and of the predicted one. Null: no real test beat has the class.
 */
export interface ShapeDistances {
  truth: number | null;
  predicted: number | null;
}

/** A wrongly classified beat. */
export interface ConfusedBeat extends BeatPlace {
  /** Index in the test set. */
  number: number;
  /** Index among the beats of its true and predicted class, in the order of recording and time. */
  place: number;
  /** Probability of the predicted class. */
  confidence: number;
  distances: ShapeDistances;
}

/** Beats of one class that were predicted as another. */
export interface Confusion extends MeanBeat {
  /** Class numbers. */
  truth: number;
  predicted: number;
  /** Distances of their mean. */
  distances: ShapeDistances;
  /** Those whose shape is closest to the mean beat of the predicted class, the closest first. */
  closest: ConfusedBeat[];
}

export interface ClassShapes {
  channels: number;
  /** Sampling rate in Hz; 0: unknown. */
  rate: number;
  /** Synthetic test beats, which are left out. */
  synthetic: number;
  /** In the order of the labels. */
  classes: MeanBeat[];
  /** By true class, the most frequent first. */
  confusions: Confusion[];
}
