/** Measures the training step of a network in a separate process. */
import { fileURLToPath } from "node:url";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import type { NetworkName, Precision, TrainingSettings } from "../../../contract/domain/training.ts";
import { benchResultSchema, type BenchJob, type BenchResult } from "../../../engine/processes/bench-messages.ts";
import { findProcessor } from "../../../engine/tensorflow/hardware.ts";
import { entryPoint } from "../../entry-points.ts";
import { askProcess } from "../../workers/processes/ask-process.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import { environmentWith, type GpuChoice } from "./gpu.ts";

export interface MeasureOptions {
  threads: number;
  device: GpuChoice;
  signal?: AbortSignal;
  /** In ms; unlimited where absent. */
  timeout?: number;
}

/** @throws Error where the process fails, is aborted or takes too long */
export async function measureSteps(
  job: BenchJob,
  startProcess: StartProcess,
  { threads, device, signal, timeout }: MeasureOptions,
): Promise<BenchResult> {
  const program = fileURLToPath(entryPoint("bench-process"));
  const environment = environmentWith(device, threads);
  const what = { program, args: [JSON.stringify(job)], environment };
  const { answer, failure, lastWords } = await askProcess(startProcess, what, { signal, timeout });
  // A process that was ended from outside says nothing about the reason.
  const reason = failure.startsWith("ended") ? lastWords : "";
  if (failure !== "") throw new Error(`The measurement ${failure}. ${reason}`.trimEnd());
  return benchResultSchema.parse(answer);
}

/** Input and output of the reference networks. */
export const REFERENCE = { windowLength: 360, classes: 14 };

export interface ReferenceOptions
  extends Omit<MeasureOptions, "threads">, Partial<Pick<BenchJob, "rounds" | "milliseconds" | "leastSteps">> {
  precision: Precision;
  backend: TrainingSettings["backend"];
}

/** Measures a reference network as the comparison programs do, on every core. */
export async function measureReference(
  network: NetworkName,
  startProcess: StartProcess,
  options: ReferenceOptions,
): Promise<BenchResult & { batch: number }> {
  const { precision, backend, rounds = 5, milliseconds = 600, leastSteps = 5, ...rest } = options;
  const { batch } = defaultTraining(network);
  const job: BenchJob = {
    network,
    shape: REFERENCE,
    batch,
    precision,
    backend,
    adapter: null,
    rounds,
    milliseconds,
    leastSteps,
  };
  return { batch, ...(await measureSteps(job, startProcess, { threads: findProcessor().cores, ...rest })) };
}
