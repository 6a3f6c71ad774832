/** Data of the charts: parts of a recording, annotations, a raw and a filtered beat. Typed arrays, never JSON. */
import { z } from "zod";
import type { SyntheticFamily } from "./recipe.ts";
import { preparationSettingsSchema } from "./preparation.ts";

/** A recording of a dataset. */
export const recordSchema = z.strictObject({ dataset: z.int().min(1), record: z.string().min(1).max(100) });

/** Samples `from` to `to` − 1 of a recording; by default all. */
export const stretchSchema = recordSchema.extend({
  from: z.int().min(0).optional(),
  to: z.int().min(0).optional(),
});

/** Name of an annotation set, by which it is an annotator. */
export const setNameSchema = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, "a name has letters, digits, _ and -");
/** An annotation set of a recording; absent: the recording's annotations. */
const setChoice = { set: setNameSchema.optional() };

/** Annotations of a recording from sample `from` to `to` − 1; by default all. */
export const annotationsSchema = stretchSchema.extend(setChoice);
export const rhythmSchema = recordSchema.extend(setChoice);
/** Two annotation sets of a recording. */
export const disagreementsSchema = recordSchema.extend({ one: setNameSchema, other: setNameSchema });

/** Where two annotation sets of a recording disagree. */
export interface Disagreements {
  /** Times of beats that one set alone has, and, with `labels`, of beats with two EC57 classes; ascending. */
  samples: Uint32Array;
  /** Whether the classes are compared: not where a set was detected, and labels no beat. */
  labels: boolean;
}
/** Ranges of samples, each shown by a strip. */
export const stripsSchema = rhythmSchema.extend({
  places: z.array(z.strictObject({ from: z.int().min(0), to: z.int().min(0) })).max(100),
});

/** Denoising settings of a whole recording. */
export const denoisingSchema = z.strictObject({
  wavelet: preparationSettingsSchema.shape.wavelet,
  levels: preparationSettingsSchema.shape.levels,
  threshold: preparationSettingsSchema.shape.threshold,
});
export type RecordDenoising = z.infer<typeof denoisingSchema>;

export const envelopeSchema = stretchSchema.extend({
  /** Number of columns, such as pixels of the screen. */
  columns: z.int().min(1).max(16_384),
  /** Denoising of the recording; by default none. */
  denoising: denoisingSchema.optional(),
});

export const denoisedSchema = stretchSchema.extend({
  /** Number of the lead, from 0. */
  lead: z.int().min(0).max(1000),
  ...denoisingSchema.shape,
});

export interface Lead {
  lead: string;
  units: string;
}

export interface SignalStretch {
  rate: number;
  /** Samples of the whole recording. */
  length: number;
  /** Samples `from` to `to` − 1. */
  from: number;
  to: number;
  leads: Lead[];
  /** Each lead in physical units; NaN where a sample is missing. */
  signals: Float32Array[];
}

/** Minimum and maximum of each column of samples: the area that a line through all samples would cover. */
export interface Envelope extends Omit<SignalStretch, "signals"> {
  /** Column c starts at sample ⌊from + c·(to − from)/columns⌋; there are never more columns than samples. */
  columns: number;
  /** By lead; NaN for a column of missing samples. */
  minima: Float32Array[];
  maxima: Float32Array[];
}

export interface DenoisedStretch {
  from: number;
  to: number;
  /** The lead in physical units, denoised as a whole recording; NaN for a missing sample. */
  signal: Float32Array;
}

/** Annotations of a recording in order of time, as columns of equal length. */
export interface AnnotationColumns {
  samples: Uint32Array;
  symbols: string[];
  /** 1 for a heartbeat; 0 also for a blocked P wave (`x`). */
  beats: Uint8Array;
  /** Auxiliary text, such as `(AFIB` for a rhythm change; may be empty. */
  texts: string[];
  /** Probability of each label, 0 to 1; NaN: none. Absent where the set has no probabilities. */
  probabilities?: Float32Array | undefined;
  /** `UNSURE_FLAG` and `UNLIKE_FLAG`. Absent where the set has no flags. */
  flags?: Uint8Array | undefined;
}

export const beatPreviewSchema = z.strictObject({
  dataset: z.int().min(1),
  settings: preparationSettingsSchema,
  record: z.string().min(1).max(100),
  /** Number of the beat, from 0, in order of time; the last beat where the number is too large. */
  beat: z.int().min(0),
  /** Class whose beats are numbered; by default all classes. */
  label: z.string().max(100).optional(),
  /** With an input recipe: number of the synthetic recording whose beats are shown, from 0; absent: the recording itself. */
  synthetic: z.int().min(0).max(9).optional(),
});

/** Beats of a table to look at. */
export const tableQuerySchema = z.strictObject({
  dataset: z.int().min(1),
  record: z.string().min(1).max(100),
  /** Class of the beats. */
  label: z.string().max(100),
  /** First of the beats of this class, from 0. */
  from: z.int().min(0),
  count: z.int().min(1).max(500),
  /** Every how many beats of the class one is returned; by default each. */
  every: z.int().min(1).optional(),
});
export type TableQuery = z.infer<typeof tableQuerySchema>;

export interface TableBeats {
  /** Beats of the class in the table. */
  total: number;
  /** Samples of each beat. */
  samples: number;
  /** Number of each beat's row in the table, from 0. */
  rows: Uint32Array;
  /** Samples of the beats, one beat after the other, as in the table. */
  values: Float32Array;
}

/** A raw and a prepared beat. */
export interface BeatPreview {
  /** Number of beats of the recording that the settings include: all, or those of the requested class. */
  beats: number;
  /** Beats of each class in the recording, in the order of the class numbers. */
  classes: { label: string; beats: number }[];
  /** Number of the returned beat. */
  beat: number;
  /** Time of the R-peak in the recording, in seconds; 0 for a beat of a table. */
  seconds: number;
  /** Number of the beat's row in its table, from 0; null: a beat of a recording. */
  row: number | null;
  label: string;
  /** Name of the lead. */
  lead: string;
  /** Samples before the R-peak. */
  samplesBefore: number;
  /** Sampling rate of the beat, in Hz: that of the preparation; 0: unknown. */
  rate: number;
  units: string;
  before: Float32Array;
  /** Denoised, in the same units. */
  denoised: Float32Array;
  /** Input of the network: normalised if the settings require it. */
  after: Float32Array;
  /** With an input recipe, channels and features of the beat. */
  recipe?: RecipePreview;
}

/** A beat as an input recipe gives it to networks. */
export interface RecipePreview {
  /** Samples of each channel, in units of the reference beat's amplitude. */
  channels: { name: string; values: Float32Array }[];
  /** Values before scaling, in the order of `featureDefinitions`. */
  features: Float32Array;
  /** Families of the synthetic recordings that are made of this one where it is in the training set. */
  families: SyntheticFamily[];
}
