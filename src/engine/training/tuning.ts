/** The ways in which a network may be trained on a machine, of which a short measurement chooses. */
import { networkOf } from "../../contract/settings/network-presets.ts";
import type { Convolutions, NetworkChoice, TrainingSettings } from "../../contract/domain/training.ts";
import { isRecurrent } from "../networks/recurrence.ts";

export interface Candidate {
  /** Inside one operation. */
  threads: number;
  /** A batch is computed in so many micro-batches side by side. */
  microBatches: number;
  convolutions: Convolutions;
}

/**
 * Operations that there are beside TensorFlow's small ones: our own (native/), or on a GPU cuDNN's for recurrent layers. Either
 * takes a layer's whole sequence at once.
 */
export type Operations = "ectopy" | "cudnn" | "none";

/** More would cost more memory than they save time. */
const MAX_MICRO_BATCHES = 8;

/**
 * What is measured, the likeliest first: it is taken where nothing can be measured. Convolutions are worth sharing out, whose are
 * faster depends on the processor; operations on a few rows, as the ANN's, are not worth it. A recurrence's steps depend on one
 * another: operations that take all of it share out its batch themselves, else it is computed in micro-batches.
 */
export function candidates(choice: NetworkChoice, cores: number, operations: Operations): Candidate[] {
  const network = networkOf(choice);
  const recurrent = isRecurrent(network);
  const convolves = network.layers.some(({ kind }) => kind === "conv1d");
  const convolutions = operations === "ectopy" ? "ectopy" : "tensorflow";
  const one: Candidate = { threads: 1, microBatches: 1, convolutions };
  const shared: Candidate = { threads: cores, microBatches: 1, convolutions };
  if (convolves && operations === "ectopy") return [shared, { ...shared, convolutions: "tensorflow" }];
  if (cores === 1) return [one];
  if (recurrent) {
    return operations === "none"
      ? [{ threads: 1, microBatches: Math.min(cores, MAX_MICRO_BATCHES), convolutions }, shared]
      : [shared];
  }
  return convolves ? [shared, one] : [one, shared];
}

/**
 * Candidates that keep to what was chosen (0 and `measured` leave it open). A choice that is no candidate's goes with the likeliest.
 */
export function candidatesFor(
  settings: Pick<TrainingSettings, "network" | "threads" | "microBatches" | "convolutions" | "precision">,
  cores: number,
  operations: Operations,
): Candidate[] {
  const { network, threads, microBatches, convolutions } = settings;
  // Operations of our own know float32 alone.
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
  // Threads are the override: who gives them wants no measurement.
  return threads > 0 || fitting.length === 0 ? [{ ...all[0], ...chosen }] : fitting;
}
