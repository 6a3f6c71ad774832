/**
 * Finds out whether an NVIDIA GPU trains, and if not, why: asks its driver, then tries the GPU in a separate process.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import type { Gpu } from "../../../contract/domain/training.ts";
import { isRecurrent } from "../../../engine/networks/recurrence.ts";
import { cudnnTestSchema, gpuTestSchema } from "../../../engine/processes/device-messages.ts";
import { trainingEnvironment } from "../../../engine/processes/process-environment.ts";
import { entryPoint } from "../../entry-points.ts";
import { INSTALL_CUDA } from "./cuda-setup.ts";
import { askProcess } from "../../workers/processes/ask-process.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";

export const gpuChoiceSchema = z.object({
  /** The GPU that trains. */
  gpu: z.object({ name: z.string(), memory: z.number(), driver: z.string(), computeCapability: z.number() }).nullable(),
  /** Why no GPU trains; empty where one does. */
  reason: z.string(),
  /** Why LSTM and GRU layers don't use cuDNN; empty where they do, or no GPU trains. */
  withoutCudnn: z.string(),
});
export type GpuChoice = z.infer<typeof gpuChoiceSchema>;

export const NO_GPU: GpuChoice = { gpu: null, reason: "no NVIDIA GPU was found", withoutCudnn: "" };

/** Returns whether the GPU can train a network by TensorFlow: LSTM and GRU layers need cuDNN. */
export function canTrain({ gpu, withoutCudnn }: GpuChoice, network: NetworkSpec): boolean {
  return gpu !== null && (withoutCudnn === "" || !isRecurrent(network));
}

export function environmentWith({ gpu, withoutCudnn }: GpuChoice, threads: number): Record<string, string> {
  return trainingEnvironment({ threads, gpu: gpu !== null, cudnn: withoutCudnn === "" });
}

/** Lists the GPUs of the driver; none where there is no driver. */
export function listGpus(): Promise<Gpu[]> {
  const query = ["--query-gpu=name,memory.total,driver_version,compute_cap", "--format=csv,noheader,nounits"];
  return new Promise((resolve) => {
    execFile("nvidia-smi", query, { timeout: 10_000, killSignal: "SIGKILL", encoding: "utf8" }, (error, csv) =>
      resolve(error === null ? parseGpus(csv) : []),
    );
  });
}

/** @param csv name, memory in MiB, driver, compute capability: one line for each GPU. Other lines are ignored. */
export function parseGpus(csv: string): Gpu[] {
  return csv.split("\n").flatMap((line) => {
    const [name, memory, driver, capability] = line.split(",").map((cell) => cell.trim());
    const gpu = { name, memory: Number(memory), driver, computeCapability: Number(capability) };
    const isSize = (value: number): boolean => Number.isFinite(value) && value > 0;
    return name !== "" && isSize(gpu.memory) && isSize(gpu.computeCapability) ? [gpu] : [];
  });
}

/** Tries the GPU without storing the outcome. */
export async function chooseGpu(startProcess: StartProcess): Promise<GpuChoice> {
  const [first] = await listGpus();
  return first === undefined ? NO_GPU : tryGpu(first, startProcess);
}

/**
 * Trains a step on the GPU in a separate process; then, in another one, recurrent layers by cuDNN, which may fail
 * alone.
 * @param program replaces the real one in tests; its argument is `gpu` or `cudnn`
 */
export async function tryGpu(
  gpu: Gpu,
  startProcess: StartProcess,
  program = fileURLToPath(entryPoint("device-process")),
  timeout = 120_000,
): Promise<GpuChoice> {
  const without = (why: string): GpuChoice => ({
    gpu: null,
    reason: `an NVIDIA GPU is there (${gpu.name}), but ${why}`,
    withoutCudnn: "",
  });
  const environment = trainingEnvironment({ threads: 0, gpu: true, cudnn: true });
  const probe = async (what: "gpu" | "cudnn"): Promise<{ answer: unknown; failed: string }> => {
    const asked = await askProcess(startProcess, { program, args: [what], environment }, { timeout });
    const { answer, failure, lastWords } = asked;
    return { answer, failed: failure === "" || lastWords === "" ? failure : `${failure}: ${lastWords}` };
  };
  const { answer, failed } = await probe("gpu");
  if (failed !== "") return without(`trying it ${failed}`);
  const probed = gpuTestSchema.safeParse(answer);
  if (!probed.success) return without("trying it gave no answer");
  const { backend, usesGpu, loss } = probed.data;
  if (backend !== "tensorflow") return without(`TensorFlow's native library is missing: ${INSTALL_CUDA}`);
  if (!usesGpu) {
    return without(
      "this TensorFlow does not use it: it is the build for processors (`ectopy device --install cuda` installs the one for NVIDIA GPUs), or NVIDIA's driver is missing or too old",
    );
  }
  if (loss === null) return without("the loss of a training step on it is NaN");
  const cudnn = await probe("cudnn");
  if (cudnn.failed !== "") return { gpu, reason: "", withoutCudnn: `trying it ${cudnn.failed}` };
  const tried = cudnnTestSchema.safeParse(cudnn.answer);
  return { gpu, reason: "", withoutCudnn: tried.data?.withoutCudnn ?? "trying it gave no answer" };
}
