/** Tries in a process of its own whether this TensorFlow computes on a GPU: a driver that doesn't suit it ends the process. */
import { defaultTraining } from "../contract/defaults.ts";
import { createTraining } from "./create-training.ts";
import { openParentLine } from "./parent-line.ts";
import { loadTensorFlow } from "./tensorflow.ts";

const line = openParentLine();
const loaded = await loadTensorFlow("probe");
const { tf, device } = loaded;
const backend = tf.backend() as unknown as { isUsingGpuDevice?: boolean };
const usesGpu = device.backend === "tensorflow" && backend.isUsingGpuDevice === true;
let loss: number | null = null;
if (usesGpu) {
  const shape = { windowLength: 16, classes: 2 };
  const { optimizer, clipping, seed, learningRate } = defaultTraining("cnn");
  const plan = { network: "cnn" as const, shape, batches: [4], optimizer, clipping, seed, parts: 1 };
  const { step } = createTraining(loaded, plan);
  const values = new Float32Array(4 * 16).fill(0.5);
  const batch = { values, classes: Int32Array.of(0, 1, 0, 1), weights: new Float32Array(4).fill(1) };
  loss = step.run(batch, learningRate).loss;
}
await line.send({ backend: device.backend, usesGpu, loss });
process.exit(0);
