/**
 * Annotation sets of a dataset: the annotations of all its recordings by one annotator. Imported annotators are files of
 * the dataset; the other sets were made by Ectopy and are stored in the database.
 */
import { isHeartbeat } from "./class-maps.ts";
import type { Annotation } from "./recordings.ts";

/** Origins of the sets that Ectopy stores. */
export const storedOrigins = ["detected", "classified", "reviewed"] as const;
export type StoredOrigin = (typeof storedOrigins)[number];
export const annotationOrigins = ["imported", ...storedOrigins] as const;
export type AnnotationOrigin = (typeof annotationOrigins)[number];

/** A set that Ectopy made. */
export interface AnnotationSet {
  id: number;
  datasetId: number;
  /** Annotator, by which commands name the set; unique in its dataset, also among imported annotators. */
  name: string;
  origin: StoredOrigin;
  /** Annotator that the set was made from; null: from the samples. */
  parent: string | null;
  /** Names of the leads that were read; empty: all. */
  leads: string[];
  /** Numbers of the runs that classified the beats; several: an ensemble; empty: none. */
  runs: number[];
  /** Probability below which beats are unsure; absent: the beats are not classified. */
  threshold?: number;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** An annotation of a set, with what a classification adds. */
export interface SetAnnotation extends Annotation {
  /** Probability of the label, 0 to 1. */
  probability?: number | undefined;
  /** Whether the probability is below the threshold of the classification. */
  unsure?: boolean | undefined;
  /** Whether the beat is unlike all beats of the training set. */
  unlike?: boolean | undefined;
}

/** Bits of {@link SetColumns.flags}. */
export const UNSURE_FLAG = 1;
export const UNLIKE_FLAG = 2;

/** Annotations of one recording as columns, one value for each annotation, in order of time. */
export interface SetColumns {
  samples: Int32Array;
  /** WFDB's annotation codes and subtypes. */
  codes: Uint8Array;
  subtypes: Int8Array;
  /** NaN: none; null: no annotation has one. */
  probabilities: Float32Array | null;
  /** {@link UNSURE_FLAG} and {@link UNLIKE_FLAG}; null: no annotation has one. */
  flags: Uint8Array | null;
  /** Auxiliary texts, by the index of their annotation; annotations without a text are left out. */
  texts: Readonly<Record<string, string>>;
}

/** Annotations of one recording by symbol. */
export interface SetRecordCounts {
  record: string;
  symbols: Record<string, number>;
}

/** An annotation set in lists, also an imported one. */
export interface AnnotationSetOverview extends Omit<AnnotationSet, "id" | "datasetId" | "origin"> {
  /** Null: an imported annotator. */
  id: number | null;
  origin: AnnotationOrigin;
  /** Whether its annotations are those of the recordings, which preparations read. */
  used: boolean;
  /** Recordings that it has annotated, in the order of the dataset. */
  records: SetRecordCounts[];
}

/** Annotator of detected R-peaks. */
export const DETECTED = "detected";

/** Returns the number of heartbeats among counts by symbol. */
export function beatsIn(symbols: Readonly<Record<string, number>>): number {
  return Object.entries(symbols).reduce((sum, [symbol, count]) => sum + (isHeartbeat(symbol) ? count : 0), 0);
}
