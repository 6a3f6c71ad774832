/** The ways in which a network may be trained on a machine, of which a short measurement chooses. */
import { networkOf } from "../contract/network-presets.ts";
import type { NetworkChoice, TrainingSettings } from "../contract/training.ts";
import { isRecurrent } from "./networks/recurrence.ts";

export interface Candidate {
  /** TensorFlow's threads inside one operation. */
  threads: number;
  /** A batch is computed in so many parts side by side. */
  parts: number;
}

/** More would cost more memory than they save time. */
const MOST_PARTS = 8;

/**
 * What is measured, the likeliest first: it is taken where nothing can be measured. Convolutions are worth sharing out; operations on
 * a few rows, as the ANN's, are not. A recurrence's steps depend on one another: its batch is shared out in parts.
 */
export function candidates(choice: NetworkChoice, cores: number): Candidate[] {
  const one: Candidate = { threads: 1, parts: 1 };
  const shared: Candidate = { threads: cores, parts: 1 };
  if (cores === 1) return [one];
  const network = networkOf(choice);
  if (isRecurrent(network)) return [{ threads: 1, parts: Math.min(cores, MOST_PARTS) }, shared];
  return network.layers.some(({ kind }) => kind === "conv1d") ? [shared, one] : [one, shared];
}

/** Candidates that keep to what the user has chosen; 0 leaves it open. A choice that is no candidate's goes with the likeliest. */
export function candidatesFor(
  { network, threads, parts }: Pick<TrainingSettings, "network" | "threads" | "parts">,
  cores: number,
): Candidate[] {
  const all = candidates(network, cores);
  // Threads are the override: who gives them wants no measurement.
  if (threads > 0) return [{ threads, parts: parts > 0 ? parts : all[0].parts }];
  if (parts === 0) return all;
  const fitting = all.filter((candidate) => candidate.parts === parts);
  return fitting.length > 0 ? fitting : [{ threads: all[0].threads, parts }];
}
