/** Exports: models, figures and runs for other programs. */
import { z } from "zod";
import type { BeatConvention, Ec57Metrics } from "./ec57.ts";
import type { NetworkDescription } from "./networks.ts";
import type { PreparationInputs } from "./preparation.ts";
import type { InputRecipe } from "./recipe.ts";
import { MAX_INSTITUTION_LENGTH, reportSchema } from "./recording-report.ts";

/** Formats of exported models. */
export const modelFormats = ["keras", "tfjs", "savedmodel", "onnx"] as const;
export const modelFormatSchema = z.enum(modelFormats);
export type ModelFormat = (typeof modelFormats)[number];

export const modelFormatNames: Readonly<Record<ModelFormat, string>> = {
  keras: "Keras (.h5)",
  tfjs: "TensorFlow.js Layers model",
  savedmodel: "TensorFlow SavedModel",
  onnx: "ONNX",
};

/** What identifies a recording in every workspace, without its name. */
export interface TrainingRecord {
  /** Hash of the samples of each lead, in hexadecimal; null: a lead that identifies nothing. */
  hashes: (string | null)[];
  /** The public recording that it is, such as `mitdb/100`; null: none that is known. */
  knownAs: string | null;
}

/** Model card: everything that is needed to use a model correctly, beside the model itself. */
export interface ModelCard {
  /** Version of the card's format. */
  version: 1;
  network: string;
  /** In the order of the model's output. */
  classes: { label: string; symbols: string[]; meaning: string }[];
  input: {
    /** Shape of the model's input, without the batch. */
    shape: number[];
    /** Present where beats are rows of a table: they begin anywhere before or at the R-peak. */
    rows?: true;
    /** Sampling rate in Hz; a recording with another rate must be resampled first. Null: unknown. */
    rate: number | null;
    /** Samples before the R-peak, and from it on. */
    before: number;
    after: number;
    /** Number of the lead in a recording, from 0; absent where it is chosen by name. */
    signal?: number;
    /** Names of the lead: where it is chosen by name, a recording gives the first one that it has. */
    leads: string[];
    units: string;
    /** Input recipe; absent where beats are cut from one lead alone. Its beats have 120 Hz, its recordings 360 Hz. */
    recipe?: InputRecipe;
    /** Names of a beat's features, in the order of the input `rhythm`; absent where the network uses none. */
    features?: string[];
    featureScaling?: PreparationInputs["featureScaling"];
    /** Neighbours of a beat in the input `sequence`; absent where the network does not use it. */
    sequence?: PreparationInputs["sequence"];
  };
  /**
   * Inputs of the model in their order, with their shapes without the batch; absent where it has the beat alone. ONNX and
   * SavedModel call the input `input` `beats`.
   */
  inputs?: NetworkDescription["inputs"];
  preprocessing: {
    denoising: string;
    wavelet: string;
    levels: number;
    threshold: string;
    normalisation: string;
  };
  protocol: string;
  /** Limitations of its metrics. */
  caveats: string[];
  test: { accuracy: number; macroF1: number; weightedF1: number; beats: number } | null;
  /**
   * Metrics on the test recordings by ANSI/AAMI EC57, in % of the summed counts (gross), from `from` s on; absent where the test set
   * is not of whole recordings.
   */
  ec57?: Ec57Metrics & { recordings: number; from: number; convention: BeatConvention };
  data: {
    dataset: string;
    datasetFingerprint: string;
    preparationFingerprint: string;
    /** Recordings of its training and validation set; absent: unknown. */
    trainingRecords?: TrainingRecord[];
  };
  /** Runs whose probabilities an ensemble averages; absent: the model is no ensemble. */
  members?: { run: number; network: string; seed: number }[];
  /** Seed and best epoch are null for an ensemble, and for a model that was trained elsewhere. */
  run: { id: number; identity: string; createdAt: string; seed: number | null; bestEpoch: number | null };
  versions: { ectopy: string; tensorflow: string };
  notice: string;
}

/** Result of an export. */
export interface ExportReport {
  /** Destination for other programs: a path or an address. */
  place: string;
  /** `created`: new; `updated`: existed and was changed; `unchanged`: existed with the same content. */
  outcome: "created" | "updated" | "unchanged";
  /** One sentence: how to use it. */
  hint: string;
}

/** Credentials of an MLflow server: user and password, or a token. Used for one export; stored in a keychain only. */
export const mlflowCredentialsSchema = z.strictObject({
  user: z.string().min(1).max(1000).optional(),
  password: z.string().max(10_000).optional(),
  token: z.string().min(1).max(100_000).optional(),
});
export type MlflowCredentials = z.infer<typeof mlflowCredentialsSchema>;

/** A sign-in in the system's keychain. The secret never leaves the main process. */
export interface KeptSignIn {
  /** Address of the server, as `http://host:port/path`. */
  address: string;
  /** Null: a token. */
  user: string | null;
}

export interface SignInKeeping {
  /** Whether the shell can use a keychain. */
  canKeep: boolean;
  kept: KeptSignIn[];
}

/** Destination of an MLflow export. */
export const mlflowTargetSchema = z.strictObject({
  /** Address of a server (`http://…`, `https://…`), or a folder, which gets the runs in `mlruns`. */
  place: z.string().trim().min(1).max(4096),
  /** Name of the MLflow experiment; created if it does not exist. */
  experiment: z.string().trim().min(1).max(500).prefault("Ectopy"),
  credentials: mlflowCredentialsSchema.prefault({}),
});
export type MlflowTarget = z.infer<typeof mlflowTargetSchema>;

/** Print size of exported figures. */
export const figureSizeSchema = z.strictObject({
  /** Width in mm; by default 85 (one column) or 180 (full page), depending on the figure. */
  width: z.number().min(60).max(400).optional(),
  /** Resolution of PNG files, in dpi. */
  dpi: z.int().min(72).max(1200).default(300),
});
export type FigureSize = z.infer<typeof figureSizeSchema>;

const exportedRuns = z.array(z.int().min(1)).min(1).max(100_000);
const figuredRuns = exportedRuns.max(100);

/** Formats of the report of a recording; `csv` has several tables. */
export const recordingReportFormats = ["html", "pdf", "csv"] as const;
export type RecordingReportFormat = (typeof recordingReportFormats)[number];

/** Kinds of exported files, with everything but their destination. */
export const fileExportSchemas = {
  /** A sub-folder for each model, with its model card and an example. */
  model: z.strictObject({ runs: exportedRuns, format: modelFormatSchema }),
  /** A report on one run, or comparing several, as HTML, and as PDF on request. */
  report: z.strictObject({ runs: figuredRuns, pdf: z.boolean().default(false) }),
  /** Each figure as SVG and PNG, at its print size. */
  figures: figureSizeSchema.extend({ runs: figuredRuns }),
  /** Tables of settings, epochs, classes, confusion matrix and all test beats. */
  csv: z.strictObject({ runs: exportedRuns }),
  /** The report of one recording by one annotation set. */
  recordingReport: reportSchema.extend({
    formats: z
      .array(z.enum(recordingReportFormats))
      .min(1)
      .default([...recordingReportFormats]),
    /** Includes the notes on the patient, which the recording's file has. */
    notes: z.boolean().default(false),
    /** Clinic or institution that the report names; absent or empty: none. */
    institution: z.string().trim().max(MAX_INSTITUTION_LENGTH).optional(),
  }),
};
export type RecordingReportExport = z.output<typeof fileExportSchemas.recordingReport>;

export const fileExportSchema = z.discriminatedUnion("kind", [
  fileExportSchemas.model.extend({ kind: z.literal("model") }),
  fileExportSchemas.report.extend({ kind: z.literal("report") }),
  fileExportSchemas.figures.extend({ kind: z.literal("figures") }),
  fileExportSchemas.csv.extend({ kind: z.literal("csv") }),
  fileExportSchemas.recordingReport.extend({ kind: z.literal("recording-report") }),
]);
export type FileExport = z.output<typeof fileExportSchema>;
/** {@link FileExport} before its defaults are filled in. */
export type FileExportInput = z.input<typeof fileExportSchema>;
