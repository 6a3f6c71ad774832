/** Measures the training step of the reference networks on every backend of this machine. */
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import { presets } from "../../../contract/settings/network-presets.ts";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import type { BackendName, BackendState, BackendStep, NetworkName } from "../../../contract/domain/training.ts";
import { logger } from "../../base/logger.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import { canTrain, type GpuChoice } from "./gpu.ts";
import { measureReference, REFERENCE } from "./measure-steps.ts";
import { clearlyFaster, tryWebgpuAdapters } from "./webgpu.ts";

const log = logger("hardware");

/** A backend that takes longer is reported without a time: it would not be chosen. */
const TIMEOUT_MS = 30_000;
/** About half a second of steps, once the network is ready. */
const ROUNDS = { rounds: 5, milliseconds: 100, leastSteps: 1 };

/** Backends on the processor, the fastest first. */
const processorBackends = ["kernels", "webassembly"] as const;

/** Measured steps of each backend of a machine. */
export type BackendSteps = Partial<Record<BackendName, BackendStep[]>>;

export interface BackendMeasurement {
  backends: readonly BackendState[];
  networks: readonly NetworkName[];
  device: GpuChoice;
  startProcess: StartProcess;
  progress: ReportProgress;
  signal: AbortSignal;
}

/** Measures each backend that this machine has, one after another, in separate processes. @throws CancelledError */
export async function measureBackends(measurement: BackendMeasurement): Promise<BackendSteps> {
  const { backends, networks, progress, signal } = measurement;
  const available = backends.filter(({ missing }) => missing === "").map(({ name }) => name);
  const measured: BackendSteps = {};
  const total = available.length * networks.length;
  let done = 0;
  for (const name of available) {
    const steps: BackendStep[] = [];
    for (const network of networks) {
      progress({ stage: `Benchmark: ${network.toUpperCase()}`, done, total, unit: "measurements" });
      steps.push(await (name === "webgpu" ? measureGpu(network, measurement) : measure(name, network, measurement)));
      if (signal.aborted) throw new CancelledError();
      done++;
    }
    measured[name] = steps;
  }
  return measured;
}

async function measure(
  backend: BackendName,
  network: NetworkName,
  { device, startProcess, signal }: BackendMeasurement,
): Promise<BackendStep> {
  const options = { precision: "float32", backend, device, signal, timeout: TIMEOUT_MS, ...ROUNDS } as const;
  try {
    const { milliseconds } = await measureReference(network, startProcess, options);
    return { network, milliseconds, problem: "" };
  } catch (error) {
    if (!signal.aborted) log.warning(`${backend} could not be measured with the ${network}`, error);
    return { network, milliseconds: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The same trial as before a training: a GPU that computes otherwise than the processor has no time. */
async function measureGpu(network: NetworkName, { startProcess, signal }: BackendMeasurement): Promise<BackendStep> {
  const settings = { network: presets[network], shape: REFERENCE, batch: defaultTraining(network).batch };
  const trials = await tryWebgpuAdapters(startProcess, settings, signal);
  const times = trials.flatMap(({ stepMs }) => stepMs ?? []);
  if (times.length > 0) return { network, milliseconds: Math.min(...times), problem: "" };
  const problem = trials.map(({ adapter, problem }) => `${adapter.name}: ${problem}`).join("; ");
  return { network, milliseconds: null, problem: problem || "The trial ended without a result." };
}

/** Adds measured steps, and which backend trains a network where the user leaves it open. */
export function withSteps(
  backends: readonly BackendState[],
  measured: BackendSteps,
  device: GpuChoice,
): BackendState[] {
  const processor = processorBackends.find((name) => backends.some((state) => state.name === name && !state.missing));
  const timeOf = (name: BackendName | undefined, network: NetworkName): number | null =>
    (name && measured[name]?.find((step) => step.network === network)?.milliseconds) ?? null;
  /** An NVIDIA GPU by TensorFlow comes before GPUs by WebGPU (HardwareService). */
  const chosenFor = (network: NetworkName): BackendName | undefined => {
    const gpu = canTrain(device, presets[network]) ? "tensorflow" : "webgpu";
    const times = { stepMs: timeOf(gpu, network), processorMs: timeOf(processor, network) };
    return clearlyFaster(times) ? gpu : processor;
  };
  return backends.map((state) => {
    const steps = measured[state.name];
    if (steps === undefined) return state;
    const networks = steps.map(({ network }) => network);
    return { ...state, steps, chosenFor: networks.filter((network) => chosenFor(network) === state.name) };
  });
}
