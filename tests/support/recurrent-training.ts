/** Small networks of two recurrent layers, trained in each of the engine's ways. */
import { networkSchema } from "../../src/contract/networks.ts";
import { trainingSettingsSchema } from "../../src/contract/training.ts";
import { createTraining, type Training } from "../../src/engine/create-training.ts";
import type { LoadedTensorFlow } from "../../src/engine/tensorflow.ts";

export const recurrentKinds = ["lstm", "gru"] as const;
export type RecurrentKind = (typeof recurrentKinds)[number];

export const RECURRENT_CLASSES = 5;

export interface RecurrentPlan {
  kind: RecurrentKind;
  /** Of the two layers. */
  units: [number, number];
  windowLength: number;
  batches: number[];
}

/** @param way op by op, as loops in a graph, or by operations of our own */
export function createRecurrent(
  loaded: LoadedTensorFlow,
  { kind, units, windowLength, batches }: RecurrentPlan,
  way: "eager" | "loops" | "kernels",
): Training {
  const network = networkSchema.parse({
    name: kind,
    layers: [
      { id: "first", kind, units: units[0], returnSequences: true },
      { id: "dropout", kind: "dropout", rate: 0.3 },
      { id: "second", kind, units: units[1] },
      { id: "dense", kind: "dense", units: 6, activation: "relu" },
    ],
  });
  const { optimizer, clipping } = trainingSettingsSchema.parse({
    network,
    epochs: 1,
    batch: batches[0],
    learningRate: 1e-3,
    patience: 0,
    stepsPerEpoch: 0,
    seed: 42,
    threads: 0,
  });
  const shape = { windowLength, classes: RECURRENT_CLASSES };
  const plan = { network, shape, batches, optimizer, clipping, seed: 42, parts: 1 };
  return createTraining(
    { ...loaded, kernels: way === "kernels" ? loaded.kernels : null },
    plan,
    way === "eager" ? "eager" : "graph",
  );
}
