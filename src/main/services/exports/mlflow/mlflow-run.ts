/** A run in MLflow's terms, for a server and for a folder. */

/** One point of a curve, or a single metric. */
export interface MlflowPoint {
  key: string;
  value: number;
  /** Time in ms since 1970. */
  timestamp: number;
  step: number;
}

export interface MlflowFile {
  /** Path below the run's files, with `/`. */
  path: string;
  /** Text that determines the bytes: the same source gives the same bytes. */
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
  /** Tags of the run's use of the dataset. */
  tags: Record<string, string>;
}

export interface MlflowRun {
  /** Identity by which an exported run is found again: 32 hexadecimal digits. */
  identity: string;
  name: string;
  /** In ms since 1970. */
  startTime: number;
  endTime: number;
  /** `KILLED`: stopped by the user, with the best epoch kept. */
  status: "FINISHED" | "KILLED";
  params: Record<string, string>;
  tags: Record<string, string>;
  /** Points grouped by key, in the order of their steps. */
  points: MlflowPoint[];
  dataset: MlflowDataset;
  files: MlflowFile[];
}

/** Ectopy's tags: identity of the run and stamp of its state, written last. */
export const IDENTITY_TAG = "ectopy.run";
export const STAMP_TAG = "ectopy.export";
