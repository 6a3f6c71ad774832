/** How a bidirectional layer joins its two directions, as Keras and tfjs call it. */
import type { MergeMode } from "../../contract/domain/networks.ts";

export const mergeModes = { concat: "concat", sum: "sum", average: "ave", multiply: "mul" } as const satisfies Record<
  MergeMode,
  string
>;
