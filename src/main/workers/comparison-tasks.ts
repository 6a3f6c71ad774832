/** Tasks of the worker thread that computes the curves of a comparison. */
import type { RunCurves } from "../../contract/domain/comparison.ts";

// A type, not an interface: TypeScript assigns only a type alias to an index signature, as TaskMap has.
export type ComparisonTasks = {
  curves: {
    /** Probabilities, beats × labels, and the true class of each beat. */
    input: { probabilities: Float32Array; truth: Uint8Array; labels: readonly string[] };
    output: Omit<RunCurves, "run">;
  };
};
