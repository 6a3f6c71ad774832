/**
 * Creates a network and its training step: as one graph with TensorFlow, op by op with TensorFlow.js in plain
 * JavaScript.
 */
import type { NetworkShape } from "../../contract/domain/networks.ts";
import type { Convolutions, NetworkChoice, Precision } from "../../contract/domain/training.ts";
import { batchFiller, type FillBatch } from "./fill-batch.ts";
import { createGraphTraining } from "./graph-training.ts";
import type { LayerContext } from "../layers/layer-context.ts";
import { tfLayers } from "../layers/tf-layers.ts";
import { seededLibraryLayers } from "../layers/seeded-library-layers.ts";
import { libraryCrossEntropy, tfCrossEntropy } from "./loss.ts";
import { createNetwork } from "../layers/network.ts";
import type { Network } from "../networks/network.ts";
import type { LoadedTensorFlow } from "../tensorflow/tensorflow.ts";
import { createEagerStep, type StepSettings, type TrainingStep } from "./training-step.ts";

export interface Training {
  network: Network;
  step: TrainingStep;
  fillBatch: FillBatch;
}

/** How a training step is executed: as one recorded graph, or op by op. */
export type ExecutionMode = "graph" | "eager";

export interface TrainingPlan extends StepSettings {
  network: NetworkChoice;
  shape: NetworkShape;
  /** Batch sizes of the training, in beats. */
  batches: readonly number[];
  /** Compute precision; float32 by default, and always in plain JavaScript. */
  precision?: Precision;
  /** Implementation of convolutions; the kernels by default, where they have been built. */
  convolutions?: Convolutions;
}

/**
 * Creates a network and its training step.
 * @param mode `eager` is the reference that `graph` is tested against: the same weights, masks and losses
 */
export function createTraining(
  { tf, device, kernels, cudnn }: Pick<LoadedTensorFlow, "tf" | "device" | "kernels" | "cudnn">,
  plan: TrainingPlan,
  mode: ExecutionMode = device.backend === "tensorflow" ? "graph" : "eager",
): Training {
  const fillBatch = batchFiller(kernels);
  // The kernels compute in float32 only.
  const useKernels = kernels !== null && plan.precision !== "bfloat16";
  const context: LayerContext = {
    maskSeed: null,
    step: 0,
    recorder: null,
    kernels: useKernels,
    cudnn,
    kernelConvolutions: useKernels && plan.convolutions !== "tensorflow",
  };
  if (device.backend !== "tensorflow") {
    const layers = seededLibraryLayers(tf, plan.seed, context);
    const network = createNetwork(tf, plan.network, plan.shape, layers, plan.seed);
    return { network, step: createEagerStep(tf, network, libraryCrossEntropy(tf), plan, context), fillBatch };
  }
  const network = createNetwork(tf, plan.network, plan.shape, tfLayers(tf, context, plan.precision), plan.seed);
  const crossEntropy = tfCrossEntropy(tf);
  if (mode === "eager") {
    return { network, step: createEagerStep(tf, network, crossEntropy, plan, context), fillBatch };
  }
  const sizes = { batches: plan.batches, prediction: network.predictedAtOnce };
  return { ...createGraphTraining(tf, { network, crossEntropy, context, settings: plan, sizes }), fillBatch };
}
