/** The tasks of a worker thread that reads files whose parser is not ours, or not bounded in time. */
import type { ImportedModel } from "../../engine/exchange/keras-h5.ts";
import type { ZipOrder } from "./extract-zip.ts";

// A type, not an interface: only a type's properties are known to fit a record of tasks.
export type UntrustedFilesTasks = {
  readKerasH5: { input: { file: string }; output: ImportedModel };
  unpackZip: { input: ZipOrder; output: void };
  /** The folder, below `root`, of the MLflow experiment of that name; null: there is none. */
  findMlflowExperiment: { input: { root: string; name: string }; output: string | null };
};
