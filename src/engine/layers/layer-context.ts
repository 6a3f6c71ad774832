/** State of the current step that layers read. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Recorder } from "../graph/recorder.ts";

export interface LayerContext {
  /** Seed of the dropout masks: two int32. Null before the first step; the step disposes it. */
  maskSeed: Tensor | null;
  /** Current recording; null where a step is executed op by op. */
  recorder: Recorder | null;
}
