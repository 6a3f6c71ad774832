/** What the screens draw: stretches of a recording, annotations, a beat before and after. Typed arrays, never JSON. */
import { z } from "zod";
import { preparationSettingsSchema } from "./preparation.ts";

/** One record of a dataset. */
export const recordSchema = z.strictObject({ dataset: z.int().min(1), record: z.string().min(1).max(100) });

/** A stretch of it: samples `from` to `to` − 1; without them, all of it. */
export const stretchSchema = recordSchema.extend({
  from: z.int().min(0).optional(),
  to: z.int().min(0).optional(),
});

/** A record's denoising, as a whole. */
export const denoisingSchema = preparationSettingsSchema.pick({ wavelet: true, levels: true, threshold: true });
export type RecordDenoising = z.infer<typeof denoisingSchema>;

export const envelopeSchema = stretchSchema.extend({
  /** Columns to fill, such as the pixels of the screen. */
  columns: z.int().min(1).max(16_384),
  /** Of the denoised record; without it, of the record as it is. */
  denoising: denoisingSchema.optional(),
});

export const denoisedSchema = stretchSchema.extend({
  /** Which signal, from 0. */
  lead: z.int().min(0).max(1000),
  ...denoisingSchema.shape,
});

export interface Lead {
  lead: string;
  units: string;
}

export interface SignalStretch {
  rate: number;
  /** Samples of the whole record. */
  length: number;
  /** Samples `from` to `to` − 1. */
  from: number;
  to: number;
  leads: Lead[];
  /** Each lead in physical units; NaN where a sample is missing. */
  signals: Float32Array[];
}

/** The least and the greatest value in each column of a stretch: what a line over all its samples would cover. */
export interface Envelope extends Omit<SignalStretch, "signals"> {
  /** Column c covers samples ⌊from + c·(to − from)/columns⌋ on; fewer columns come back where there are fewer samples. */
  columns: number;
  /** By lead; NaN where all samples of a column are missing. */
  minima: Float32Array[];
  maxima: Float32Array[];
}

export interface DenoisedStretch {
  from: number;
  to: number;
  /** The lead in physical units, denoised as a whole record; NaN where a sample is missing. */
  signal: Float32Array;
}

/** All annotations of a record in order of time, by column: entry i of each belongs together. */
export interface AnnotationColumns {
  samples: Uint32Array;
  symbols: string[];
  /** 1 where it marks a beat. */
  beats: Uint8Array;
  /** Empty but where there is a text, such as `(AFIB` for a rhythm change. */
  texts: string[];
}

export const beatPreviewSchema = z.strictObject({
  dataset: z.int().min(1),
  settings: preparationSettingsSchema,
  record: z.string().min(1).max(100),
  /** Which of the record's beats, from 0, in order of time; beyond the last: the last. */
  beat: z.int().min(0),
  /** Counts beats of this class alone. */
  label: z.string().max(100).optional(),
});

/** One beat as it is cut, and as it is prepared. */
export interface BeatPreview {
  /** Beats of the record that the settings take: all, or of the class that was asked for. */
  beats: number;
  /** Beats of each class in the record, in the classes' numbering. */
  classes: { label: string; beats: number }[];
  /** Which one it is: `beat` of the request, or the last. */
  beat: number;
  /** R-peak: a sample number in the record. */
  sample: number;
  label: string;
  rate: number;
  units: string;
  before: Float32Array;
  /** In the same units. */
  denoised: Float32Array;
  /** As the network gets it: normalised where the settings say so. */
  after: Float32Array;
}
