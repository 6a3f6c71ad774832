/** Annotation sets of a dataset: annotations that Ectopy made. Imported annotators are files of the dataset. */

export const annotationOrigins = ["detected", "classified", "reviewed"] as const;
export type AnnotationOrigin = (typeof annotationOrigins)[number];

export interface AnnotationSet {
  id: number;
  datasetId: number;
  /** Annotator, by which commands name the set; unique in its dataset, also among imported annotators. */
  name: string;
  origin: AnnotationOrigin;
  /** Annotator that the set was made from; null: from the samples. */
  parent: string | null;
  /** Names of the leads that were read; empty: all. */
  leads: string[];
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** Annotator of detected R-peaks. */
export const DETECTED = "detected";
