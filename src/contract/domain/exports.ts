/** What leaves the app: models, figures and runs for other programs. */
import { z } from "zod";

/** Files that other programs load a trained network from. */
export const modelFormats = ["keras", "tfjs", "savedmodel", "onnx"] as const;
export const modelFormatSchema = z.enum(modelFormats);
export type ModelFormat = (typeof modelFormats)[number];

export const modelFormatNames: Readonly<Record<ModelFormat, string>> = {
  keras: "Keras (.h5)",
  tfjs: "TensorFlow.js Layers model",
  savedmodel: "TensorFlow SavedModel",
  onnx: "ONNX",
};

/** All that is needed to use a model rightly, beside the model itself. */
export interface ModelCard {
  /** Of the card, so that a later version can be told apart. */
  version: 1;
  network: string;
  /** In the order of the model's output. */
  classes: { label: string; symbols: string[]; meaning: string }[];
  input: {
    /** Of the model's input, without the batch. */
    shape: number[];
    /** Samples a second, in Hz; a recording of another rate must be resampled first. */
    rate: number;
    /** Samples before the R-peak, and from it on. */
    before: number;
    after: number;
    /** Number of the signal in a record, from 0, and what the records call it. */
    signal: number;
    leads: string[];
    units: string;
  };
  preprocessing: {
    denoising: string;
    wavelet: string;
    levels: number;
    threshold: string;
    normalisation: string;
  };
  protocol: string;
  /** What its figures can and can't show. */
  caveats: string[];
  test: { accuracy: number; macroF1: number; weightedF1: number; beats: number } | null;
  data: { dataset: string; datasetFingerprint: string; preparationFingerprint: string };
  run: { id: number; identity: string; createdAt: string; seed: number; bestEpoch: number };
  versions: { ectopy: string; tensorflow: string };
  notice: string;
}

/** What was written where. */
export interface ExportReport {
  /** Where, as given to other programs: a path or an address. */
  place: string;
  /** `created`: new; `updated`: it was there and has been changed; `unchanged`: it was there as it is. */
  outcome: "created" | "updated" | "unchanged";
  /** What to do with it, in a sentence. */
  hint: string;
}

/** Who asks an MLflow server: a user and password, or a token. Used for the export at hand; kept in a keychain alone. */
export const mlflowCredentialsSchema = z.strictObject({
  user: z.string().min(1).max(1000).optional(),
  password: z.string().max(10_000).optional(),
  token: z.string().min(1).max(100_000).optional(),
});
export type MlflowCredentials = z.infer<typeof mlflowCredentialsSchema>;

/** What the system's keychain keeps for a server. The secret itself never leaves main. */
export interface KeptSignIn {
  /** Of the server, as `http://host:port/path`. */
  address: string;
  /** Null: a token. */
  user: string | null;
}

export interface SignInKeeping {
  /** There is a keychain, and the shell can use it. */
  canKeep: boolean;
  kept: KeptSignIn[];
}

/** Where runs go that are handed over to MLflow. */
export const mlflowTargetSchema = z.strictObject({
  /** The address of a server (`http://…`, `https://…`), or a folder, in which runs come below `mlruns`. */
  place: z.string().trim().min(1).max(4096),
  /** MLflow's name for what runs stand in together. */
  experiment: z.string().trim().min(1).max(500).prefault("Ectopy"),
  credentials: mlflowCredentialsSchema.prefault({}),
});
export type MlflowTarget = z.infer<typeof mlflowTargetSchema>;

/** Of exported figures, as they will be printed. */
export const figureSizeSchema = z.strictObject({
  /** In mm; without it, each figure as it is best seen: 85 (a column) or 180 (a page). */
  width: z.number().min(60).max(400).optional(),
  /** Dots an inch of the pictures. */
  dpi: z.int().min(72).max(1200).default(300),
});
export type FigureSize = z.infer<typeof figureSizeSchema>;
