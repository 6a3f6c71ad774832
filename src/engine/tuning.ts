/** The ways in which a network may be trained on a machine, of which a short measurement chooses. */
import { networkOf } from "../contract/network-presets.ts";
import type { Kernels, NetworkChoice, TrainingSettings } from "../contract/training.ts";
import { isRecurrent } from "./networks/recurrence.ts";

export interface Candidate {
  /** Threads inside one operation, TensorFlow's and our own. */
  threads: number;
  /** A batch is computed in so many parts side by side. */
  parts: number;
  /** Whose operations compute sequences. */
  kernels: Kernels;
}

/** More would cost more memory than they save time. */
const MOST_PARTS = 8;

/**
 * What is measured, the likeliest first: it is taken where nothing can be measured. Convolutions are worth sharing out; operations on
 * a few rows, as the ANN's, are not. A recurrence's steps depend on one another: our own operation shares out the batch, else it is
 * cut into parts. Whose convolutions are faster depends on the processor.
 * @param own whether operations of our own are there
 */
export function candidates(choice: NetworkChoice, cores: number, own: boolean): Candidate[] {
  const network = networkOf(choice);
  const [one, shared] = [1, cores].map((threads): Candidate => ({ threads, parts: 1, kernels: "tensorflow" }));
  const ours: Candidate = { ...shared, kernels: "own" };
  const convolves = network.layers.some(({ kind }) => kind === "conv1d");
  const likeliestFirst = isRecurrent(network)
    ? own
      ? [ours]
      : [{ ...one, parts: Math.min(cores, MOST_PARTS) }, shared]
    : convolves
      ? own
        ? [ours, shared]
        : [shared, one]
      : [one, shared];
  // On one core, sharing out is the same as not.
  const keys = likeliestFirst.map((candidate) => JSON.stringify(candidate));
  return likeliestFirst.filter((_, i) => keys.indexOf(keys[i]) === i);
}

/**
 * Candidates that keep to what the user has chosen; 0 and `auto` leave it open. A choice that is no candidate's goes with the
 * likeliest. Our own operations know no bfloat16.
 */
export function candidatesFor(
  { network, threads, parts, kernels, precision }: Layout,
  cores: number,
  own: boolean,
): Candidate[] {
  const all = candidates(network, cores, own && kernels !== "tensorflow" && precision === "float32");
  const kept = kernels === "own" ? all.filter((candidate) => candidate.kernels === "own") : all;
  const open = kept.length > 0 ? kept : all;
  // Threads are the override: who gives them wants no measurement.
  if (threads > 0) return [{ ...open[0], threads, parts: parts > 0 ? parts : open[0].parts }];
  if (parts === 0) return open;
  const fitting = open.filter((candidate) => candidate.parts === parts);
  return fitting.length > 0 ? fitting : [{ ...open[0], parts }];
}

type Layout = Pick<TrainingSettings, "network" | "threads" | "parts" | "kernels" | "precision">;
