/** A preparation: which beats, how denoised, in which classes, how split and balanced. */
import { z } from "zod";
import { classMapSchema } from "./class-maps.ts";

/** How beats are divided into training, validation and test. */
export const protocols = ["reference", "intra-patient", "inter-patient", "cross-validation"] as const;
export type Protocol = (typeof protocols)[number];

/** Where the wavelet denoising is applied. */
export const denoisings = ["beat", "record", "none"] as const;
export type Denoising = (typeof denoisings)[number];

export const normalisations = ["none", "z-score"] as const;

export const foldSchema = z
  .strictObject({ number: z.int().min(1), of: z.int().min(2).max(20) })
  .refine(({ number, of }) => number <= of, "there are not so many folds");
export type Fold = z.infer<typeof foldSchema>;

export const preparationSettingsSchema = z.strictObject({
  protocol: z.enum(protocols),
  classMap: classMapSchema,
  /** Which signal of each record, from 0. */
  signal: z.int().min(0),
  /** Samples before the R-peak, and from it on. */
  before: z.int().min(1).max(100_000),
  after: z.int().min(1).max(100_000),
  denoising: z.enum(denoisings),
  /** Daubechies wavelet, `db1` to `db38`. */
  wavelet: z.string().regex(/^db([1-9]|[12]\d|3[0-8])$/, "a Daubechies wavelet, db1 to db38"),
  /** Decomposition levels. */
  levels: z.int().min(1).max(20),
  threshold: z.enum(["soft", "hard"]),
  /** `z-score`: each beat to mean 0 and standard deviation 1. */
  normalisation: z.enum(normalisations),
  /** Classes with fewer beats are left out, and named. */
  smallestClass: z.int().min(1),
  balancing: z.enum(["smote", "none"]),
  /** SMOTE's neighbours. */
  neighbours: z.int().min(1).max(100),
  /** The largest class is sampled down to this many beats where balancing is on; 0: not at all. */
  majorityCap: z.int().min(0),
  /** Shares of the training, validation and test set; they add up to 1. Inter-patient takes the test set from its record list. */
  fractions: z.tuple([z.number().gt(0).lt(1), z.number().gt(0).lt(1), z.number().gt(0).lt(1)]),
  /** Records to use; empty: all that the protocol takes. */
  records: z.array(z.string()),
  /** Leaves out record 202 where 201 is in another set: both are one patient (inter-patient only). */
  withoutSharedPatient: z.boolean(),
  seed: z.int().min(0).max(0xffffffff),
  /** Which fold is tested, of how many (cross-validation only): preparations that differ in it alone test every patient once. */
  fold: foldSchema.optional(),
});
export type PreparationSettings = z.infer<typeof preparationSettingsSchema>;

export const setNames = ["train", "validation", "test"] as const;
export type SetName = (typeof setNames)[number];

/** Beats of one class through the steps of a preparation. */
export interface ClassCounts {
  label: string;
  /** Real beats found, before the smallest-class rule. */
  found: number;
  /** Beats in each set; in `train` (and, under the reference protocol, everywhere) with the synthetic ones. */
  train: number;
  validation: number;
  test: number;
  /** How many of them SMOTE made. */
  syntheticTrain: number;
  syntheticValidation: number;
  syntheticTest: number;
}

/** What was left out, by reason, so that no beat is missing silently. */
export interface LeftOut {
  /** Beats whose window would leave the record. */
  outsideRecord: number;
  /** Beats whose window holds missing samples. */
  missingSamples: number;
  /** Beats by symbol that the class map does not take. */
  symbols: Record<string, number>;
  /** Classes under the smallest size, with their beats. */
  smallClasses: Record<string, number>;
  /** Records the protocol or the settings leave out. */
  records: string[];
}

export interface PreparationSummary {
  settings: PreparationSettings;
  /** Class labels in their numbering, from 0. */
  labels: string[];
  counts: ClassCounts[];
  totals: Record<SetName, number>;
  /** Real beats kept. */
  beats: number;
  leftOut: LeftOut;
  /** Records (patients) with beats in more than one set. */
  sharedRecords: string[];
  /** Records of the beats in each set, as themselves or as parents of synthetic beats; summaries of before lack it. */
  recordsBySet?: Record<SetName, string[]>;
  /** What this protocol can and cannot show, in plain sentences. */
  caveats: string[];
}

/** A preparation's stored description: what its arrays need to be read (src/pipeline/beats/preparation-format.ts). */
export const preparationDescriptionSchema = z.object({
  /** Samples of each beat. */
  windowLength: z.int().min(1),
  /** Class labels in their numbering, from 0. */
  labels: z.array(z.string()).min(1).max(256),
  /** Names of the recordings in their numbering, from 0. */
  records: z.array(z.string()),
  /** Real beats. */
  beats: z.int().min(1),
});
export type PreparationDescription = z.infer<typeof preparationDescriptionSchema>;

/** A preparation as it is stored. */
export interface Preparation {
  id: number;
  datasetId: number;
  settings: PreparationSettings;
  summary: PreparationSummary;
  /** SHA-256 over the prepared files, in hexadecimal. */
  fingerprint: string;
  seconds: number;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** Answer of a request to prepare a dataset. */
export interface PreparationResult {
  preparation: Preparation;
  /** Whether the dataset had been prepared with the same settings before. */
  alreadyThere: boolean;
}
