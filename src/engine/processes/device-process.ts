/**
 * Tries in a process of its own what this TensorFlow does on a GPU: a driver or a library that doesn't suit it ends the process.
 * Argument: `gpu` (does a step of a network run there?) or `cudnn` (do its recurrent layers compute what they should?).
 */
import { defaultTraining } from "../../contract/settings/defaults.ts";
import { createTraining } from "../training/create-training.ts";
import { tryCudnn } from "../training/cudnn-trial.ts";
import { openParentChannel } from "./parent-channel.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../tensorflow/tensorflow.ts";
import { endOnUncaught } from "./uncaught.ts";

endOnUncaught();
const line = openParentChannel();
const loaded = await loadTensorFlow("probe");
await line.send(process.argv[2] === "cudnn" ? { withoutCudnn: tryCudnn(loaded) } : tryStep(loaded));
process.exit(0);

function tryStep(loaded: LoadedTensorFlow): { backend: string; usesGpu: boolean; loss: number | null } {
  const { backend } = loaded.device;
  const { isUsingGpuDevice } = loaded.tf.backend() as unknown as { isUsingGpuDevice?: boolean };
  if (backend !== "tensorflow" || isUsingGpuDevice !== true) return { backend, usesGpu: false, loss: null };
  const shape = { windowLength: 16, classes: 2 };
  const { optimizer, clipping, seed, learningRate } = defaultTraining("cnn");
  const plan = { network: "cnn" as const, shape, batches: [4], optimizer, clipping, seed, microBatches: 1 };
  const { step } = createTraining(loaded, plan);
  const values = new Float32Array(4 * 16).fill(0.5);
  const batch = { values, classes: Int32Array.of(0, 1, 0, 1), weights: new Float32Array(4).fill(1) };
  return { backend, usesGpu: true, loss: step.run(batch, learningRate).loss };
}
