/** Measures the training step of a network on this machine, before its first training. */
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { BenchJob } from "../../../engine/processes/bench-messages.ts";
import { logger } from "../../base/logger.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import type { GpuChoice } from "./gpu.ts";
import { measureSteps } from "./measure-steps.ts";

const log = logger("hardware");

export interface MeasuredNetwork {
  /** Median time of a step. */
  milliseconds: number;
  /** Time of the process beside its steps. */
  startMilliseconds: number;
}

export type NetworkToMeasure = Pick<BenchJob, "network" | "shape" | "batch" | "precision" | "backend" | "adapter">;

/** Half a second, once the network is ready; more where five steps take longer. */
const ROUNDS = { rounds: 5, milliseconds: 100, leastSteps: 1 };
/** A slower network is not measured. */
const TIMEOUT_MS = 20_000;

/** Measures a step. @returns null where the measurement failed or took too long @throws CancelledError */
export async function measureNetwork(
  network: NetworkToMeasure,
  startProcess: StartProcess,
  { threads, device, signal }: { threads: number; device: GpuChoice; signal: AbortSignal },
): Promise<MeasuredNetwork | null> {
  if (signal.aborted) throw new CancelledError();
  const began = performance.now();
  try {
    const options = { threads, device, signal, timeout: TIMEOUT_MS };
    const { milliseconds } = await measureSteps({ ...network, ...ROUNDS }, startProcess, options);
    const stepTime = stepsOfBenchmark(milliseconds, ROUNDS) * milliseconds;
    return { milliseconds, startMilliseconds: Math.max(0, performance.now() - began - stepTime) };
  } catch (error) {
    if (signal.aborted) throw new CancelledError();
    log.warning(`A network could not be measured (backend ${network.backend})`, error);
    return null;
  }
}

/** Returns how many steps a benchmark runs (src/engine/processes/bench-process.ts): two warm-ups of two, then rounds. */
function stepsOfBenchmark(
  milliseconds: number,
  { rounds, milliseconds: roundMilliseconds, leastSteps }: Pick<BenchJob, "rounds" | "milliseconds" | "leastSteps">,
): number {
  return 4 + rounds * Math.max(leastSteps, Math.round(roundMilliseconds / milliseconds));
}
