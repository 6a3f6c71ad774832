/** A run as MLflow keeps one: what is written to a server and into a folder alike. */

/** One point of a curve, or a figure that stands alone. */
export interface MlflowPoint {
  key: string;
  value: number;
  /** When it was reached, in ms since 1970. */
  timestamp: number;
  step: number;
}

export interface MlflowFile {
  /** Below the run's files, with `/`. */
  path: string;
  /** What the bytes follow from, in few characters or many: the same source gives the same bytes. */
  source: string;
  bytes: () => Buffer | Promise<Buffer>;
}

export interface MlflowDataset {
  name: string;
  /** At most 36 characters. */
  digest: string;
  sourceType: string;
  /** JSON, as are schema and profile. */
  source: string;
  schema: string;
  profile: string;
  /** Of the run's use of it. */
  tags: Record<string, string>;
}

export interface MlflowRun {
  /** By it a run that was handed over is found again: 32 hexadecimal digits. */
  identity: string;
  name: string;
  /** In ms since 1970. */
  startTime: number;
  endTime: number;
  /** `KILLED`: stopped by the user, with the best epoch kept. */
  status: "FINISHED" | "KILLED";
  params: Record<string, string>;
  tags: Record<string, string>;
  /** Each key's points follow one another, in the order of their steps. */
  points: MlflowPoint[];
  dataset: MlflowDataset;
  files: MlflowFile[];
}

/** Tags of ours: whose run it is, and of which state, written when all else is there. */
export const IDENTITY_TAG = "ectopy.run";
export const STAMP_TAG = "ectopy.export";
