/**
 * Creates a network and its training step: by a plan on a backend, or as one graph with TensorFlow.
 */
import { EctopyError } from "../../contract/domain/errors.ts";
import type { NetworkShape } from "../../contract/domain/networks.ts";
import { networkOf } from "../../contract/settings/network-presets.ts";
import type { Backend } from "../backends/backend.ts";
import type { NetworkChoice, Precision } from "../../contract/domain/training.ts";
import { batchFiller, type FillBatch } from "./fill-batch.ts";
import { createGraphTraining } from "./graph-training.ts";
import type { LayerContext } from "../layers/layer-context.ts";
import { tfLayers } from "../layers/tf-layers.ts";
import { tfLoss } from "./loss.ts";
import { createNetwork } from "../layers/network.ts";
import type { Network } from "../networks/network.ts";
import { isRecurrent } from "../networks/recurrence.ts";
import type { LoadedTensorFlow } from "../tensorflow/tensorflow.ts";
import { createPlanTraining } from "./plan-training.ts";
import { singleSteps, type StepBlocks } from "./step-blocks.ts";
import { createEagerStep, type StepSettings, type TrainingStep } from "./training-step.ts";

export interface Training {
  network: Network;
  step: TrainingStep;
  /** The same step, many times in one call. */
  blocks: StepBlocks;
  fillBatch: FillBatch;
  /** Another thread stores 1 in it: the current step is dropped. Null where a step can't be interrupted. */
  interruption: Int32Array | null;
}

/** How a training step is executed: by a plan, as one recorded graph, or op by op. */
export type ExecutionMode = "plan" | "graph" | "eager";

/** What executes trainings in this process: a backend of plans, or TensorFlow. */
export type TrainingEngine = Partial<Pick<LoadedTensorFlow, "tf" | "cudnn">> & { backend?: Backend };

export interface TrainingPlan extends StepSettings {
  network: NetworkChoice;
  shape: NetworkShape;
  /** Batch sizes of the training, in beats. */
  batches: readonly number[];
  /** Compute precision; float32 by default. */
  precision?: Precision;
}

/**
 * Creates a network and its training step.
 * @throws EctopyError `engine-unavailable`: LSTM or GRU layers as a graph without cuDNN
 * @param mode `eager` is the reference that `graph` is tested against: the same weights, masks and losses
 */
export function createTraining(
  engine: TrainingEngine,
  plan: TrainingPlan,
  mode: ExecutionMode = engine.backend ? "plan" : "graph",
): Training {
  const { tf, cudnn = false, backend } = engine;
  if (mode === "plan") {
    if (!backend) throw new Error("A plan needs a backend.");
    const training = createPlanTraining(backend, { ...plan, network: networkOf(plan.network), settings: plan });
    return { ...training, fillBatch: batchFiller(backend, training.network.spec) };
  }
  if (tf === undefined) throw new Error("A graph needs TensorFlow.");
  const withBlocks = (training: Pick<Training, "network" | "step">): Training => ({
    ...training,
    blocks: singleSteps(training.step, network.inputsWithShapes),
    fillBatch: batchFiller({ fillRows: null }, network.spec),
    interruption: null,
  });
  const context: LayerContext = { maskSeed: null, recorder: null };
  const network = createNetwork(tf, plan.network, plan.shape, tfLayers(tf, context, plan.precision), plan.seed);
  const crossEntropy = tfLoss(tf, plan.loss);
  if (mode === "eager") {
    return withBlocks({ network, step: createEagerStep(tf, network, crossEntropy, plan, context) });
  }
  if (isRecurrent(network.spec) && !cudnn) throw withoutCudnn();
  const sizes = { batches: plan.batches, prediction: network.predictedAtOnce };
  return withBlocks(createGraphTraining(tf, { network, crossEntropy, context, settings: plan, sizes }));
}

function withoutCudnn(): EctopyError {
  return new EctopyError(
    "engine-unavailable",
    "TensorFlow trains LSTM and GRU layers on an NVIDIA GPU by cuDNN only, which can't be used on this machine.",
    "Choose another backend, or let Ectopy choose it (--backend auto).",
  );
}
