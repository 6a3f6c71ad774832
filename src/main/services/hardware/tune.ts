/** Measures the ways in which a network may be trained on this machine. */
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
  /** Of a step, the median; null where it failed or took too long. */
  milliseconds: number | null;
}

export type TunedNetwork = Pick<BenchJob, "network" | "shape" | "batch" | "precision">;

/** Half a second, once the network is ready; more where five steps take longer. */
const ROUNDS = { rounds: 5, milliseconds: 100, leastSteps: 1 };
/** A candidate that has not answered by then is left out, in ms. */
const TIMEOUT = 20_000;

/** @throws CancelledError */
export async function measureCandidates(
  network: TunedNetwork,
  candidates: readonly Candidate[],
  device: GpuChoice,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
  startProcess: StartProcess,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  const tell = (): void =>
    progress({
      stage: "Measuring this machine",
      done: measured.length,
      total: candidates.length,
      unit: "ways to train",
    });
  tell();
  for (const candidate of candidates) {
    const { threads, microBatches, convolutions } = candidate;
    if (signal.aborted) throw new CancelledError();
    const job: BenchJob = { ...network, microBatches, convolutions, ...ROUNDS };
    const result = await measureSteps(job, startProcess, { threads, device, signal, timeout: TIMEOUT }).catch(
      (error: unknown) => {
        if (!signal.aborted) log.warning(`A way to train could not be measured (${threads} threads)`, error);
        return null;
      },
    );
    if (signal.aborted) throw new CancelledError();
    measured.push({ ...candidate, milliseconds: result?.milliseconds ?? null });
    tell();
  }
  return measured;
}

/** The likeliest is left only for one that takes less than this share of its time: what else the machine does makes that noise. */
const CLEARLY = 0.9;

/** @param measured the likeliest first @returns undefined where none was measured */
export function fastest(measured: readonly Measured[]): Candidate | undefined {
  const [best] = measured
    .filter((candidate): candidate is Measured & { milliseconds: number } => candidate.milliseconds !== null)
    .map((candidate, i) => ({ ...candidate, weighed: candidate.milliseconds * (i === 0 ? CLEARLY : 1) }))
    .sort((a, b) => a.weighed - b.weighed);
  return best && { threads: best.threads, microBatches: best.microBatches, convolutions: best.convolutions };
}
