/** Small networks of two recurrent layers, trained by each execution path of the engine. */
import { networkSchema } from "../../src/contract/domain/networks.ts";
import { trainingSettingsSchema } from "../../src/contract/domain/training.ts";
import { createTraining, type Training } from "../../src/engine/training/create-training.ts";
import type { LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";

export const recurrentKinds = ["lstm", "gru"] as const;
export type RecurrentKind = (typeof recurrentKinds)[number];

export const RECURRENT_CLASSES = 5;

export interface RecurrentPlan {
  kind: RecurrentKind;
  /** Kind of the two layers. */
  units: [number, number];
  windowLength: number;
  batches: number[];
}

/** Variations that could break an execution path. */
export const recurrentPlans: { name: string; plan: Omit<RecurrentPlan, "kind"> }[] = [
  { name: "uneven blocks of rows", plan: { units: [5, 7], windowLength: 6, batches: [35, 3] } },
  { name: "one beat, one sample", plan: { units: [1, 3], windowLength: 1, batches: [1] } },
  { name: "more steps than one block", plan: { units: [9, 17], windowLength: 23, batches: [33] } },
];

/** @param mode execution path: op by op, as loops in a graph, by Ectopy's kernels, or by cuDNN */
export function createRecurrent(
  loaded: LoadedTensorFlow,
  { kind, units, windowLength, batches }: RecurrentPlan,
  mode: "eager" | "loops" | "kernels" | "cudnn",
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
  const plan = { network, shape, batches, optimizer, clipping, seed: 42, microBatches: 1 };
  return createTraining(
    { ...loaded, kernels: mode === "kernels" ? loaded.kernels : null, cudnn: mode === "cudnn" },
    plan,
    mode === "eager" ? "eager" : "graph",
  );
}
