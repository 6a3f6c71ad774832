/** Measures candidates: threads, micro-batches and convolution kernels for a network on this machine. */
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { BenchJob } from "../../../engine/processes/bench-messages.ts";
import type { Candidate } from "../../../engine/training/tuning.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import type { GpuChoice } from "./gpu.ts";
import { measureSteps } from "./measure-steps.ts";
import { logger } from "../../base/logger.ts";

const log = logger("hardware");

export interface Measured extends Candidate {
  /** Median time of a step; null where the measurement failed or timed out. */
  milliseconds: number | null;
  /** Time of the process beside its steps; 0 where the measurement failed. */
  startMilliseconds: number;
}

export type TunedNetwork = Pick<BenchJob, "network" | "shape" | "batch" | "precision" | "backend">;

/** Half a second, once the network is ready; more where five steps take longer. */
const ROUNDS = { rounds: 5, milliseconds: 100, leastSteps: 1 };
/** A candidate that takes longer is skipped. */
const TIMEOUT_MS = 20_000;

export interface CandidateMeasurement {
  network: TunedNetwork;
  candidates: readonly Candidate[];
  device: GpuChoice;
  startProcess: StartProcess;
  progress: ReportProgress;
  signal: AbortSignal;
}

/** Measures a training step of the network with each candidate. @throws CancelledError */
export async function measureCandidates({
  network,
  candidates,
  device,
  startProcess,
  progress,
  signal,
}: CandidateMeasurement): Promise<Measured[]> {
  const measured: Measured[] = [];
  const tell = (): void =>
    progress({
      stage: "Auto-tuning",
      done: measured.length,
      total: candidates.length,
      unit: "candidates",
    });
  tell();
  for (const candidate of candidates) {
    const { threads, microBatches, convolutions } = candidate;
    if (signal.aborted) throw new CancelledError();
    const job: BenchJob = { ...network, microBatches, convolutions, ...ROUNDS };
    const began = performance.now();
    const result = await measureSteps(job, startProcess, { threads, device, signal, timeout: TIMEOUT_MS }).catch(
      (error: unknown) => {
        if (!signal.aborted) log.warning(`A candidate could not be measured (${threads} threads)`, error);
        return null;
      },
    );
    if (signal.aborted) throw new CancelledError();
    const milliseconds = result?.milliseconds ?? null;
    const stepTime = milliseconds === null ? 0 : stepsOfBenchmark(milliseconds, ROUNDS) * milliseconds;
    const startMilliseconds = milliseconds === null ? 0 : Math.max(0, performance.now() - began - stepTime);
    measured.push({ ...candidate, milliseconds, startMilliseconds });
    tell();
  }
  return measured;
}

/** Returns how many steps a benchmark runs (src/engine/processes/bench-process.ts): two warm-ups of two, then rounds. */
export function stepsOfBenchmark(
  milliseconds: number,
  { rounds, milliseconds: roundMilliseconds, leastSteps }: Pick<BenchJob, "rounds" | "milliseconds" | "leastSteps">,
): number {
  return 4 + rounds * Math.max(leastSteps, Math.round(roundMilliseconds / milliseconds));
}

/**
 * Another candidate replaces the most likely one only below this share of its time: other load causes noise of that
 * size.
 */
const MAX_TIME_RATIO = 0.9;

/** @param measured the most likely candidate first @returns undefined where none was measured */
export function fastest(measured: readonly Measured[]): Candidate | undefined {
  const [best] = measured
    .filter((candidate): candidate is Measured & { milliseconds: number } => candidate.milliseconds !== null)
    .map((candidate, i) => ({ ...candidate, weighed: candidate.milliseconds * (i === 0 ? MAX_TIME_RATIO : 1) }))
    .sort((a, b) => a.weighed - b.weighed);
  return best && { threads: best.threads, microBatches: best.microBatches, convolutions: best.convolutions };
}
