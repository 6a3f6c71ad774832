/** The tasks of the worker thread that computes what a comparison shows. */
import type { RunCurves } from "../../contract/domain/comparison.ts";

// A type, not an interface: only a type's properties are known to fit a record of tasks.
export type ComparisonTasks = {
  curves: {
    /** Beats × labels, and the true class of each beat. */
    input: { probabilities: Float32Array; truth: Uint8Array; labels: readonly string[] };
    output: Omit<RunCurves, "run">;
  };
};
