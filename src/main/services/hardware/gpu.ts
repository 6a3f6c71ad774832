/** Whether an NVIDIA GPU trains, and if not, why: asked of its driver, then tried in a process of its own. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Gpu } from "../../../contract/training.ts";
import { trainingEnvironment } from "../../../engine/process-environment.ts";
import { entryPoint } from "../../entry-points.ts";

export const gpuChoiceSchema = z.object({
  /** The GPU that trains. */
  gpu: z.object({ name: z.string(), memory: z.number(), driver: z.string(), computeCapability: z.number() }).nullable(),
  /** Where none trains: why, in words. */
  reason: z.string(),
});
export type GpuChoice = z.infer<typeof gpuChoiceSchema>;

export const NO_GPU: GpuChoice = { gpu: null, reason: "no NVIDIA GPU was found" };

interface Ended {
  stdout: string;
  stderr: string;
  /** How it failed, in words; empty where it ended well. */
  failure: string;
}

/** @returns lines of its driver's list; none where there is no driver */
export async function listGpus(): Promise<Gpu[]> {
  const query = ["--query-gpu=name,memory.total,driver_version,compute_cap", "--format=csv,noheader,nounits"];
  const { stdout, failure } = await run("nvidia-smi", query, 10_000);
  return failure === "" ? parseGpus(stdout) : [];
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
export async function chooseGpu(): Promise<GpuChoice> {
  const [first] = await listGpus();
  return first === undefined ? NO_GPU : tryGpu(first);
}

const probedSchema = z.object({ backend: z.string(), usesGpu: z.boolean(), loss: z.number().nullable() });

/**
 * Trains a step on the GPU in a process of its own.
 * @param program stands in for the real one
 */
export async function tryGpu(
  gpu: Gpu,
  program = fileURLToPath(entryPoint("device-process")),
  timeout = 120_000,
): Promise<GpuChoice> {
  const without = (why: string): GpuChoice => ({
    gpu: null,
    reason: `an NVIDIA GPU is there (${gpu.name}), but ${why}`,
  });
  const { stdout, stderr, failure } = await run(process.execPath, [program], timeout);
  if (failure !== "") {
    const words = stderr.trim().split("\n").at(-1) ?? "";
    return without(`trying it ${failure}${words === "" ? "" : `: ${words}`}`);
  }
  const probed = probedSchema.safeParse(parseJson(stdout));
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

function run(program: string, args: readonly string[], timeout: number): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...trainingEnvironment({ threads: 0, gpu: true }) };
    execFile(program, args, { timeout, killSignal: "SIGKILL", encoding: "utf8", env }, (error, stdout, stderr) => {
      const failure =
        error === null
          ? ""
          : error.killed
            ? `took longer than ${timeout / 1000} s`
            : error.signal
              ? `ended by ${error.signal}`
              : `ended with status ${error.code}`;
      resolve({ stdout, stderr, failure });
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
