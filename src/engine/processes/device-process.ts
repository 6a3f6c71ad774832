/**
 * Tests GPUs in a separate process: an unsuitable driver or library may end the process. Argument: `gpu` (runs a training
 * step by TensorFlow), `adapters` (lists the GPUs of WebGPU that may train), `cudnn` (compares recurrent layers by cuDNN with the same layers op by op), or `webgpu`, with the
 * trial's settings as JSON (trains on every GPU of WebGPU, and compares with the processor). Answer: see
 * device-messages.ts.
 */
import { defaultTraining } from "../../contract/settings/defaults.ts";
import { createTraining } from "../training/create-training.ts";
import { loadProcessor } from "../training/load-engine.ts";
import { tryCudnn } from "../training/cudnn-trial.ts";
import { listAdapters, usableAdapters } from "../backends/webgpu/webgpu.ts";
import { tryWebgpu, type TrialSettings } from "../training/webgpu-trial.ts";
import {
  trialSettingsSchema,
  type CudnnTest,
  type GpuTest,
  type WebgpuList,
  type WebgpuTest,
} from "./device-messages.ts";
import { openParentChannel } from "./parent-channel.ts";
import { isTensorFlowInstalled } from "../tensorflow/find-tensorflow.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../tensorflow/tensorflow.ts";
import { endOnUncaught } from "./uncaught.ts";

endOnUncaught();
const line = openParentChannel();
await line.send(await answer());
process.exit(0);

async function answer(): Promise<GpuTest | CudnnTest | WebgpuList | WebgpuTest> {
  if (process.argv[2] === "adapters") return { adapters: usableAdapters() };
  if (process.argv[2] === "webgpu") return tryGpus(trialSettingsSchema.parse(JSON.parse(process.argv[3])));
  if (!isTensorFlowInstalled()) return { backend: "", usesGpu: false, loss: null };
  const loaded = await loadTensorFlow("probe");
  return process.argv[2] === "cudnn" ? { withoutCudnn: tryCudnn(loaded) } : tryStep(loaded);
}

function tryGpus(settings: TrialSettings): WebgpuTest {
  const reference = loadProcessor();
  return { trials: listAdapters().map((adapter) => tryWebgpu(adapter, reference, settings)) };
}

function tryStep(loaded: LoadedTensorFlow): GpuTest {
  const { backend } = loaded.device;
  const { isUsingGpuDevice } = loaded.tf.backend() as unknown as { isUsingGpuDevice?: boolean };
  if (isUsingGpuDevice !== true) return { backend, usesGpu: false, loss: null };
  const shape = { windowLength: 16, classes: 2 };
  const { optimizer, clipping, seed, learningRate } = defaultTraining("cnn");
  const plan = { network: "cnn" as const, shape, batches: [4], optimizer, clipping, seed };
  const { step } = createTraining(loaded, plan);
  const values = new Float32Array(4 * 16).fill(0.5);
  const batch = { inputs: [values], classes: Int32Array.of(0, 1, 0, 1), weights: new Float32Array(4).fill(1) };
  const { loss } = step.run(batch, learningRate);
  return { backend, usesGpu: true, loss: Number.isFinite(loss) ? loss : null };
}
