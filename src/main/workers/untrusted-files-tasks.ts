/** Tasks of a worker thread that reads files with a third-party parser, or a parser without a time limit. */
import type { ImportedModel } from "../../engine/exchange/imported-model.ts";
import type { ZipInput, ZipTree } from "./zip-tree.ts";

// A type, not an interface: TypeScript assigns only a type alias to an index signature, as TaskMap has.
export type UntrustedFilesTasks = {
  readKerasModel: { input: { file: string; windowLength?: number | undefined }; output: ImportedModel };
  listZip: { input: ZipInput; output: ZipTree };
  /** Returns the folder, below `root`, of the MLflow experiment with that name; null if there is none. */
  findMlflowExperiment: { input: { root: string; name: string }; output: string | null };
};
