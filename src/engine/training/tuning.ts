/** Candidates of auto-tuning: configurations of a training, of which a short benchmark chooses the fastest. */
import { networkOf } from "../../contract/settings/network-presets.ts";
import type { Convolutions, NetworkChoice, TrainingSettings } from "../../contract/domain/training.ts";
import { isRecurrent } from "../networks/recurrence.ts";

export interface Candidate {
  /** Intra-op threads. */
  threads: number;
  /** Micro-batches of a batch that are computed in parallel. */
  microBatches: number;
  convolutions: Convolutions;
}

/**
 * Available operations beside TensorFlow's small ones: the kernels (native/), or cuDNN's for recurrent layers on a GPU.
 * Either computes the whole sequence of a layer in one operation.
 */
export type Operations = "ectopy" | "cudnn" | "none";

/** Upper bound: more micro-batches cost memory without saving time. */
const MAX_MICRO_BATCHES = 8;

/**
 * Returns the candidates to measure, the most promising first: it is used where nothing can be measured. Convolutions
 * gain from several threads, and the faster implementation depends on the processor. Operations on a few rows, as the
 * ANN's, do not gain. The steps of a recurrence depend on each other: an operation for the whole recurrence shares its
 * batch among threads itself; without one, the batch is computed in micro-batches.
 */
export function candidates(choice: NetworkChoice, cores: number, operations: Operations): Candidate[] {
  const network = networkOf(choice);
  const recurrent = isRecurrent(network);
  const convolves = network.layers.some(({ kind }) => kind === "conv1d");
  const convolutions = operations === "ectopy" ? "ectopy" : "tensorflow";
  const one: Candidate = { threads: 1, microBatches: 1, convolutions };
  const shared: Candidate = { threads: cores, microBatches: 1, convolutions };
  // A plan shares each of its calls among all threads, and nothing is left to measure.
  if (operations === "ectopy") return [shared];
  if (cores === 1) return [one];
  if (recurrent) {
    return operations === "none"
      ? [{ threads: 1, microBatches: Math.min(cores, MAX_MICRO_BATCHES), convolutions }, shared]
      : [shared];
  }
  return convolves ? [shared, one] : [one, shared];
}

/**
 * Returns the candidates that match the settings; 0 and `auto` leave a setting open. Settings that no candidate has are
 * combined with the most promising candidate.
 */
export function candidatesFor(
  settings: Pick<TrainingSettings, "network" | "threads" | "microBatches" | "convolutions" | "precision">,
  cores: number,
  operations: Operations,
): Candidate[] {
  const { network, threads, microBatches, convolutions } = settings;
  // The kernels compute in float32 only.
  const known = operations === "ectopy" && settings.precision !== "float32" ? "none" : operations;
  const all = candidates(network, cores, known);
  const chosen: Partial<Candidate> = {
    ...(threads > 0 ? { threads } : {}),
    ...(microBatches > 0 ? { microBatches } : {}),
    ...(convolutions === "auto" ? {} : { convolutions }),
  };
  const fitting = all.filter(
    (candidate) =>
      (microBatches === 0 || candidate.microBatches === microBatches) &&
      (convolutions === "auto" || candidate.convolutions === convolutions),
  );
  // A given number of threads overrides the benchmark.
  return threads > 0 || fitting.length === 0 ? [{ ...all[0], ...chosen }] : fitting;
}
