/** Whether an NVIDIA GPU trains, and if not, why: asked of its driver, then tried in a process of its own. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Gpu } from "../../../contract/training.ts";
import { trainingEnvironment } from "../../../engine/process-environment.ts";
import { entryPoint } from "../../entry-points.ts";
import { askProcess } from "../processes/ask-process.ts";
import type { StartProcess } from "../processes/start-process.ts";

export const gpuChoiceSchema = z.object({
  /** The GPU that trains. */
  gpu: z.object({ name: z.string(), memory: z.number(), driver: z.string(), computeCapability: z.number() }).nullable(),
  /** Where none trains: why, in words. */
  reason: z.string(),
});
export type GpuChoice = z.infer<typeof gpuChoiceSchema>;

export const NO_GPU: GpuChoice = { gpu: null, reason: "no NVIDIA GPU was found" };

/** @returns lines of its driver's list; none where there is no driver */
export function listGpus(): Promise<Gpu[]> {
  const query = ["--query-gpu=name,memory.total,driver_version,compute_cap", "--format=csv,noheader,nounits"];
  return new Promise((resolve) => {
    execFile("nvidia-smi", query, { timeout: 10_000, killSignal: "SIGKILL", encoding: "utf8" }, (error, csv) =>
      resolve(error === null ? parseGpus(csv) : []),
    );
  });
}

/** @param csv name, memory in MiB, driver, compute capability: a line for each GPU. Lines that are none are passed over. */
export function parseGpus(csv: string): Gpu[] {
  return csv.split("\n").flatMap((line) => {
    const [name, memory, driver, capability] = line.split(",").map((cell) => cell.trim());
    const gpu = { name, memory: Number(memory), driver, computeCapability: Number(capability) };
    return name !== "" && gpu.memory > 0 && gpu.computeCapability > 0 ? [gpu] : [];
  });
}

/** Tried without being remembered. */
export async function chooseGpu(startProcess: StartProcess): Promise<GpuChoice> {
  const [first] = await listGpus();
  return first === undefined ? NO_GPU : tryGpu(first, startProcess);
}

const probedSchema = z.object({ backend: z.string(), usesGpu: z.boolean(), loss: z.number().nullable() });

/**
 * Trains a step on the GPU in a process of its own.
 * @param program stands in for the real one
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
  });
  const environment = trainingEnvironment({ threads: 0, gpu: true });
  const { answer, failure, lastWords } = await askProcess(startProcess, { program, environment }, { timeout });
  if (failure !== "") return without(`trying it ${failure}${lastWords === "" ? "" : `: ${lastWords}`}`);
  const probed = probedSchema.safeParse(answer);
  if (!probed.success) return without("trying it gave no answer");
  const { backend, usesGpu, loss } = probed.data;
  if (backend !== "tensorflow") return without("TensorFlow's native library is not there");
  if (!usesGpu) {
    return without(
      "this TensorFlow does not use it: it is the build for processors, or the CUDA libraries that it needs are missing",
    );
  }
  if (loss === null) return without("a training step on it gave a loss that is no number");
  return { gpu, reason: "" };
}
