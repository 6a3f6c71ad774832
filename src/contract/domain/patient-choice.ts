/** Fine-tuning of a run for one patient: what is trained on, and what is tested. */
import { z } from "zod";

/** Published patient-specific classifiers learn from the first five minutes (de Chazal 2006, Kiranyaz 2016). */
export const DEFAULT_MINUTES = 5;
/** Share of a shorter recording that is trained on, so that most of it is tested. */
const SHORT_RECORDING_SHARE = 1 / 3;

/** Returns the minutes that are trained on unless the user chooses others: five, or less of a recording below 15 minutes. */
export function defaultMinutes(seconds: number): number {
  return Math.min(DEFAULT_MINUTES, Math.max(0.1, Math.floor((seconds / 60) * SHORT_RECORDING_SHARE * 10) / 10));
}

/** Beats of each class, of other patients, that are trained on too: a patient may lack a class in five minutes. */
export const DEFAULT_REPLAY = 200;
/** One of five reviewed beats is tested where no minutes are given. */
export const HELD_OUT_EVERY = 5;
/** Reviewed beats that learning needs. */
export const MIN_REVIEWED_BEATS = 10;

/** What a patient-specific preparation is made of, beside the recording that its settings name. */
export const patientChoiceSchema = z.strictObject({
  /** Run that is fine-tuned: its classes, its input, and beats of its training and validation set. */
  run: z.int().min(1),
  /** Minutes from the start that are trained on; the rest is tested. Null: reviewed beats anywhere, of which every fifth is tested. */
  minutes: z.number().gt(0).max(1440).nullable(),
  /** Real training beats of the run of each class, at most. */
  replay: z.int().min(0).max(100_000),
});
export type PatientChoice = z.infer<typeof patientChoiceSchema>;

/** A request to fine-tune a run for a patient. Absent numbers: the defaults. */
export const fineTuningSchema = z.strictObject({
  run: z.int().min(1),
  dataset: z.int().min(1),
  record: z.string().min(1),
  /** Imported annotator or reviewed set with the labels; absent: the recording's annotations. */
  annotations: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/)
    .optional(),
  minutes: z.number().gt(0).max(1440).default(DEFAULT_MINUTES),
  replay: z.int().min(0).max(100_000).default(DEFAULT_REPLAY),
  /** Absent: those of `fineTuningSettings`. */
  epochs: z.int().min(1).max(100_000).optional(),
  learningRate: z.number().gt(0).max(10).optional(),
  batch: z.int().min(1).max(65_536).optional(),
  seed: z.int().min(0).max(0xffffffff).optional(),
  backend: z.string().optional(),
  threads: z.int().min(0).max(1024).optional(),
});
export type FineTuningChoice = z.infer<typeof fineTuningSchema>;

/** Returns which part of the recording is trained on, as text: `first 5 min of recording 208`. */
export function patientPartText({ minutes }: Pick<PatientChoice, "minutes">, record: string): string {
  return minutes === null ? `reviewed beats of recording ${record}` : `first ${minutes} min of recording ${record}`;
}
