/** What layers of ours need to know of the step that runs them. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Recorder } from "../graph/recorder.ts";

export interface LayerContext {
  /** Dropout masks are drawn from it: two int32. Null before the first step; it belongs to the step. */
  maskSeed: Tensor | null;
  /** Number of the step, from 0: what masks made in JavaScript are drawn from. */
  step: number;
  /** The recording under way; null where a step is run op by op. */
  recorder: Recorder | null;
  /** Whether operations of our own (native/) can be recorded; without it, they are not. */
  readonly kernels?: boolean;
  /** Whether recurrent layers are recorded as cuDNN's operations, on an NVIDIA GPU. */
  readonly cudnn?: boolean;
  /**
   * Whether convolutions, and the normalization and pooling of sequences, are recorded as operations of our own (native/) rather
   * than as TensorFlow's. Which are faster depends on the processor.
   */
  readonly kernelConvolutions?: boolean;
}
