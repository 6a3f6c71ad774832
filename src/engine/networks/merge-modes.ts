/** Merge modes of a bidirectional layer, by their names in Keras and TF.js. */
import type { MergeMode } from "../../contract/domain/networks.ts";

export const mergeModes = { concat: "concat", sum: "sum", average: "ave", multiply: "mul" } as const satisfies Record<
  MergeMode,
  string
>;
