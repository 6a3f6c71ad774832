/** Preparations: settings of selection, denoising, class map, split and balancing, and their summary. */
import { z } from "zod";
import { classMapSchema } from "./class-maps.ts";
import { labelChoiceSchema } from "./label-choice.ts";
import type { NetworkShape } from "./networks.ts";
import { patientChoiceSchema } from "./patient-choice.ts";
import { inputRecipeSchema, RECIPE_WINDOW } from "./recipe.ts";

/** Evaluation protocols: how beats are split into training, validation and test set. */
export const recordingProtocols = [
  "reference",
  "intra-patient",
  "inter-patient",
  "cross-validation",
  "custom-split",
] as const;
export const protocols = [...recordingProtocols, "external-test", "given-test-set", "patient-specific"] as const;
export type Protocol = (typeof protocols)[number];
/** Protocols that a user chooses; fine-tuning for a patient makes the other one. */
export const chosenProtocols = protocols.filter((protocol) => protocol !== "patient-specific");
/** Protocols in which each patient is in one set. */
const patientProtocols: readonly Protocol[] = ["inter-patient", "cross-validation", "custom-split", "external-test"];

/** Returns whether each patient is in one set. */
export function isByPatient(protocol: Protocol): boolean {
  return patientProtocols.includes(protocol);
}
/** Protocols for tables of beats, whose patients are unknown. */
export const tableProtocols = ["given-test-set", "intra-patient", "reference"] as const satisfies Protocol[];

/** Scope of the wavelet denoising. */
export const denoisings = ["beat", "record", "none"] as const;
export type Denoising = (typeof denoisings)[number];

export const normalisations = ["none", "z-score"] as const;

/** Folds of a cross-validation: as many as patients where each is left out once. */
export const MAX_FOLDS = 1000;

export const foldSchema = z
  .strictObject({ number: z.int().min(1), of: z.int().min(2).max(MAX_FOLDS) })
  .refine(({ number, of }) => number <= of, "the fold's number is above the number of folds");
export type Fold = z.infer<typeof foldSchema>;

const settingsObject = z.strictObject({
  protocol: z.enum(protocols),
  classMap: classMapSchema,
  /** Number of the lead in each recording, from 0, where leads are chosen by position; absent: {@link leads} by name. */
  signal: z.int().min(0).optional(),
  /** Window of preparations of earlier versions: samples before the R-peak, and from it on. Their recordings have one rate. */
  before: z.int().min(1).max(100_000).optional(),
  after: z.int().min(1).max(100_000).optional(),
  denoising: z.enum(denoisings),
  /** Daubechies wavelet, `db1` to `db38`. */
  wavelet: z.string().regex(/^db([1-9]|[12]\d|3[0-8])$/, "a Daubechies wavelet, db1 to db38"),
  /** Decomposition levels. */
  levels: z.int().min(1).max(20),
  threshold: z.enum(["soft", "hard"]),
  /** `z-score`: each beat to mean 0 and standard deviation 1. */
  normalisation: z.enum(normalisations),
  /** Classes with fewer real beats are excluded. */
  smallestClass: z.int().min(1),
  balancing: z.enum(["smote", "none"]),
  /** Neighbours of SMOTE (k). */
  neighbours: z.int().min(1).max(100),
  /** The largest class is undersampled to this many beats if balancing is on; 0: no cap. */
  majorityCap: z.int().min(0),
  /** Shares of training, validation and test set, which add up to 1. The inter-patient test set of MIT-BIH is DS2 instead. */
  fractions: z.tuple([z.number().gt(0).lt(1), z.number().gt(0).lt(1), z.number().gt(0).lt(1)]),
  /** Recordings to use; empty: all that the protocol includes. */
  records: z.array(z.string()),
  /** Excludes recording 202, which has the patient of 201 (inter-patient only). */
  withoutSharedPatient: z.boolean(),
  /** Excludes recordings 201 and 202, which have one patient (inter-patient only). */
  withoutBothShared: z.boolean().optional(),
  /**
   * Recordings of the test and the validation set (custom split only); all others are in the training set. Without
   * validation recordings, the validation set is drawn from the training patients.
   */
  assigned: z.strictObject({ validation: z.array(z.string()), test: z.array(z.string()) }).optional(),
  seed: z.int().min(0).max(0xffffffff),
  /** Test fold and number of folds (cross-validation only): the preparations of all folds together test every patient once. */
  fold: foldSchema.optional(),
  /**
   * Names of leads in order of preference: each recording gives the first that it has. Empty: those that suit the
   * recordings (`resolvePreparation`); a stored preparation has their names.
   */
  leads: z.array(z.string().max(200)).max(100).optional(),
  /** Window: milliseconds before the R-peak, and from it on. */
  beforeMs: z.number().gt(0).max(100_000).optional(),
  afterMs: z.number().gt(0).max(100_000).optional(),
  /** Sampling rate of the beats in Hz; recordings of other rates are resampled. Absent: the recordings' most common rate. */
  rate: z.number().min(1).max(100_000).optional(),
  /** Input recipe: beats of one or two leads at 120 Hz, with features. Absent: beats of one lead alone. */
  recipe: inputRecipeSchema.optional(),
  /** Samples of each beat of a table of beats, which has neither leads nor a window. Absent: beats are cut from recordings. */
  rowSamples: z.int().min(1).max(20_000).optional(),
  /** The dataset that is the test set (`external-test` only). */
  testDataset: z
    .strictObject({
      id: z.int().min(1),
      /** Fingerprint of its version; absent: its last one. Stored preparations have it. */
      fingerprint: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
      /** Names of its leads in order of preference; absent: those of the training recordings, then those that suit it. */
      leads: z.array(z.string().max(200)).max(100).optional(),
    })
    .optional(),
  /** Names of the tables that are the test set (`given-test-set` only). */
  testTables: z.array(z.string()).min(1).optional(),
  /** Annotation sets that give the labels. Absent: the annotations that each recording was imported with. */
  annotations: labelChoiceSchema.optional(),
  /** Run that is fine-tuned for the patient of one recording (`patient-specific` only). */
  patient: patientChoiceSchema.optional(),
});

/** Returns what contradicts itself in settings for a table of beats; null: nothing. */
function tableProblem(settings: z.infer<typeof settingsObject>): string | null {
  const { protocol, rowSamples, testTables, classMap, denoising, leads, recipe } = settings;
  const isOfTable = rowSamples !== undefined;
  if ((protocol === "given-test-set") !== (testTables !== undefined)) return "the given test set needs its tables";
  if ((classMap === "given") !== isOfTable) return "the classes of a table are for tables of beats, and for them alone";
  if (!isOfTable)
    return protocol === "given-test-set" ? "only tables of beats are given as training and test set" : null;
  if (!tableProtocols.some((each) => each === protocol)) return "the patients of a table of beats are unknown";
  if (recipe !== undefined) return "an input recipe reads recordings, which a table of beats doesn't have";
  if (settings.annotations !== undefined) return "a table of beats has its own classes, and no annotation sets";
  if (denoising === "record") return "a table of beats has no whole recording to filter";
  return leads === undefined || leads.length > 0 ? "a table of beats has no leads" : null;
}

export const preparationSettingsSchema = settingsObject
  .refine(
    ({ signal, leads }) => (signal === undefined) !== (leads === undefined),
    "choose leads either by name or by position",
  )
  .refine(
    ({ before, after, beforeMs, afterMs, rowSamples }) =>
      rowSamples !== undefined
        ? [before, after, beforeMs, afterMs].every((each) => each === undefined)
        : before === undefined
          ? after === undefined && beforeMs !== undefined && afterMs !== undefined
          : after !== undefined && beforeMs === undefined && afterMs === undefined,
    "the window needs its milliseconds before and after the R-peak; a table of beats has none",
  )
  .refine(
    ({ recipe, beforeMs, afterMs, rate }) =>
      recipe === undefined ||
      (beforeMs === RECIPE_WINDOW.beforeMs && afterMs === RECIPE_WINDOW.afterMs && rate === RECIPE_WINDOW.rate),
    "the input recipe has a window of 600 ms before and after the R-peak, at 120 Hz",
  )
  .refine(
    ({ recipe, balancing }) => recipe === undefined || balancing === "none",
    "SMOTE can't balance the sequences of an input recipe, because a synthetic beat has no neighbours in a recording: set balancing to none",
  )
  .refine(
    ({ recipe, denoising, normalisation }) =>
      recipe === undefined || (denoising === "none" && normalisation === "none"),
    "the input recipe has its filter and scaling: set denoising and normalisation to none",
  )
  .refine(
    ({ recipe, classMap, protocol }) =>
      recipe?.synthetic !== true || ((classMap === "aami" || classMap === "ec57") && isByPatient(protocol)),
    "synthetic recordings need AAMI classes and a split by patient: they are made of training recordings alone",
  )
  .refine(
    ({ protocol, testDataset }) => (protocol === "external-test") === (testDataset !== undefined),
    "another dataset as the test set needs its number",
  )
  .refine(
    ({ protocol, patient, annotations, records }) =>
      protocol === "patient-specific"
        ? patient !== undefined && annotations !== undefined && records.length === 1
        : patient === undefined,
    "a patient-specific preparation needs a run, one recording and its annotation set",
  )
  .superRefine((settings, context) => {
    const problem = tableProblem(settings);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });
export type PreparationSettings = z.infer<typeof preparationSettingsSchema>;

/** Window of a beat in samples: before the R-peak, and from it on. */
export interface BeatWindow {
  before: number;
  after: number;
}

/**
 * Returns the window in samples. The position of the R-peak in a row of a table is unknown: its window begins at 0.
 * @param rate sampling rate of the beats in Hz; by default that of the settings, which every stored preparation has
 * @throws RangeError where the window is in milliseconds and no rate is known
 */
export function windowOf(
  settings: Pick<PreparationSettings, "before" | "after" | "beforeMs" | "afterMs" | "rate" | "rowSamples">,
  rate = settings.rate,
): BeatWindow {
  const { before, after, beforeMs, afterMs, rowSamples } = settings;
  if (rowSamples !== undefined) return { before: 0, after: rowSamples };
  if (before !== undefined && after !== undefined) return { before, after };
  if (beforeMs === undefined || afterMs === undefined || rate === undefined) {
    throw new RangeError("The window has no length in samples without a sampling rate.");
  }
  const samplesIn = (milliseconds: number): number => Math.max(1, Math.round((milliseconds * rate) / 1000));
  return { before: samplesIn(beforeMs), after: samplesIn(afterMs) };
}

/** Returns the samples of a beat. @throws RangeError as {@link windowOf} */
export function windowLengthOf(settings: Parameters<typeof windowOf>[0], rate?: number): number {
  const { before, after } = windowOf(settings, rate);
  return before + after;
}

export const setNames = ["train", "validation", "test"] as const;
export type SetName = (typeof setNames)[number];

/** Beats of one class through the steps of a preparation. */
export interface ClassCounts {
  label: string;
  /** Real beats found, before small classes are excluded. */
  found: number;
  /** Beats in each set, including synthetic ones. */
  train: number;
  validation: number;
  test: number;
  /** Synthetic beats among them. */
  syntheticTrain: number;
  syntheticValidation: number;
  syntheticTest: number;
}

/** Excluded beats by reason, so that no beat is missing silently. */
export interface LeftOut {
  /** Beats whose window exceeds the recording. */
  outsideRecord: number;
  /** Beats whose window has missing samples. */
  missingSamples: number;
  /** Beats with unmapped symbols, by symbol. */
  symbols: Record<string, number>;
  /** Excluded small classes, with their numbers of beats. */
  smallClasses: Record<string, number>;
  /** Beats of a reviewed set that nobody reviewed, or in a stretch marked as noise; absent: none. */
  unreviewed?: number | undefined;
  noise?: number | undefined;
  /** Recordings that protocol or settings exclude, or that have no usable lead. */
  records: string[];
  /** Why a recording has no usable beats, one sentence, by its name; absent where the protocol or the settings exclude it. */
  reasons?: Record<string, string> | undefined;
}

/** What a recording gave to a preparation. */
export interface PreparedRecording {
  /** Name of the lead. */
  lead: string;
  /** Name of the second lead, where the input recipe has two. */
  secondLead?: string | undefined;
  /** Sampling rate of the lead in Hz, before it was resampled. */
  rate: number;
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
  /** Recordings with beats in more than one set. */
  sharedRecords: string[];
  /** Recordings of the beats in each set, including the parents of synthetic beats; absent in summaries of earlier versions. */
  recordsBySet?: Record<SetName, string[]>;
  /**
   * SHA-256 over the beats of the test set with their classes, in hexadecimal; absent where some of them are synthetic, and in
   * summaries of earlier versions.
   */
  testSetHash?: string;
  /** Whether the patients of all recordings are known; absent in summaries of earlier versions. */
  patientsKnown?: boolean | undefined;
  /** Lead and rate of each recording by its name; absent in summaries of earlier versions. */
  recordings?: Record<string, PreparedRecording> | undefined;
  /** Lead and rate of each recording of the test dataset by its name; absent: there is none. */
  testRecordings?: Record<string, PreparedRecording> | undefined;
  /** Inputs of networks beside beats of one channel; absent: none. */
  inputs?: PreparationInputs | undefined;
  /** Limitations of the test metrics, one sentence each. */
  caveats: string[];
}

const featureNumbers = z.array(z.number());

const inputFields = {
  /** Values of each sample: leads and further channels. Absent: 1. */
  channels: z.int().min(1).max(64).exactOptional(),
  /** Names of a beat's features, in the order of their values; absent: none. */
  features: z.array(z.string().min(1)).min(1).max(4096).exactOptional(),
  /**
   * Scaling of the stored features: less the training beats' mean, over their standard deviation, within ±clip. Exports
   * have it, so that other programs scale the features of other recordings.
   */
  featureScaling: z.object({ mean: featureNumbers, deviation: featureNumbers, clip: z.number().gt(0) }).exactOptional(),
  /** Neighbours of a beat in its recording whose features form a sequence with those of the beat; absent: none. */
  sequence: z.object({ before: z.int().min(0).max(1000), after: z.int().min(0).max(1000) }).exactOptional(),
} as const;

/** Inputs of networks that a preparation offers beside beats of one channel. */
export interface PreparationInputs {
  channels?: number;
  features?: string[];
  featureScaling?: { mean: number[]; deviation: number[]; clip: number };
  sequence?: { before: number; after: number };
}

export const preparationInputsSchema: z.ZodType<PreparationInputs> = z.object(inputFields);

/** Returns the classes and the inputs that a preparation offers networks. */
export function networkShapeOf({
  settings,
  summary: { labels, inputs = {} },
}: Pick<Preparation, "settings" | "summary">): NetworkShape {
  return { ...inputSizesOf(inputs), windowLength: windowLengthOf(settings), classes: labels.length };
}

/** Returns the sizes of a preparation's inputs, as networks have them. */
export function inputSizesOf({
  channels,
  features,
  sequence,
}: PreparationInputs): Pick<NetworkShape, "channels" | "features" | "steps"> {
  return {
    ...(channels === undefined ? {} : { channels }),
    ...(features === undefined ? {} : { features: features.length }),
    ...(sequence === undefined ? {} : { steps: sequence.before + 1 + sequence.after }),
  };
}

/** A preparation's stored description: what its arrays need to be read (src/pipeline/beats/preparation-format.ts). */
export const preparationDescriptionSchema = z
  .object({
    /** Samples of each beat. */
    windowLength: z.int().min(1),
    /** Class labels in their numbering, from 0. */
    labels: z.array(z.string()).min(1).max(256),
    /** Names of the recordings in their numbering, from 0. */
    records: z.array(z.string()),
    /** Real beats. */
    beats: z.int().min(1),
    ...inputFields,
    /** Whether the examples have weights in the training loss; absent: no. */
    weighted: z.literal(true).exactOptional(),
  })
  .refine(
    ({ features, sequence, featureScaling }) => features !== undefined || (!sequence && !featureScaling),
    "a sequence and a scaling need features",
  )
  .refine(
    ({ features, featureScaling: scaling }) =>
      !scaling || [scaling.mean, scaling.deviation].every(({ length }) => length === features?.length),
    "the scaling needs a mean and a deviation of each feature",
  );
export type PreparationDescription = z.infer<typeof preparationDescriptionSchema>;

/** A preparation as it is stored. */
export interface Preparation {
  id: number;
  /** Name that the user gave it; empty: none. */
  name: string;
  datasetId: number;
  settings: PreparationSettings;
  summary: PreparationSummary;
  /** SHA-256 over its files, in hexadecimal. */
  fingerprint: string;
  seconds: number;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** Patients were corrected since: the preparation keeps the earlier ones. Found out when it is read, never stored. */
  isOutdated?: true;
}

/** Returns the number of the dataset that the test beats are of. */
export function testDatasetOf({ datasetId, settings }: Pick<Preparation, "datasetId" | "settings">): number {
  return settings.testDataset?.id ?? datasetId;
}

/** Answer of a request to prepare a dataset. */
export interface PreparationResult {
  preparation: Preparation;
  /** Whether the dataset had been prepared with the same settings before. */
  alreadyThere: boolean;
}
