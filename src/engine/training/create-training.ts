/** Chooses how a network is trained on this machine: as one graph where the native library is, else op by op. */
import type { NetworkShape } from "../../contract/domain/networks.ts";
import type { Convolutions, NetworkChoice, Precision } from "../../contract/domain/training.ts";
import { batchFiller, type FillBatch } from "./fill-batch.ts";
import { createGraphTraining } from "./graph-training.ts";
import type { LayerContext } from "../layers/layer-context.ts";
import { tfLayers } from "../layers/tf-layers.ts";
import { seededLibraryLayers } from "../layers/seeded-library-layers.ts";
import { libraryCrossEntropy, tfCrossEntropy } from "./loss.ts";
import { createNetwork, type Network } from "../layers/network.ts";
import type { LoadedTensorFlow } from "../tensorflow/tensorflow.ts";
import { createEagerStep, type StepSettings, type TrainingStep } from "./training-step.ts";

export interface Training {
  network: Network;
  step: TrainingStep;
  fillBatch: FillBatch;
}

export type Engine = "graph" | "eager";

export interface TrainingPlan extends StepSettings {
  network: NetworkChoice;
  shape: NetworkShape;
  /** Sizes of batch that will come. */
  batches: readonly number[];
  /** Of the products; float32 without it. The plain library knows no other. */
  precision?: Precision;
  /** Whose; our own without it, where they have been built. */
  convolutions?: Convolutions;
}

/** @param engine `eager` is the yardstick that `graph` is held against: the same weights, masks and losses */
export function createTraining(
  { tf, device, kernels, cudnn }: Pick<LoadedTensorFlow, "tf" | "device" | "kernels" | "cudnn">,
  plan: TrainingPlan,
  engine: Engine = device.backend === "tensorflow" ? "graph" : "eager",
): Training {
  const fillBatch = batchFiller(kernels);
  // Operations of our own know float32 alone.
  const own = kernels !== null && plan.precision !== "bfloat16";
  const context: LayerContext = {
    maskSeed: null,
    step: 0,
    recorder: null,
    kernels: own,
    cudnn,
    kernelConvolutions: own && plan.convolutions !== "tensorflow",
  };
  if (device.backend !== "tensorflow") {
    const layers = seededLibraryLayers(tf, plan.seed, context);
    const network = createNetwork(tf, plan.network, plan.shape, layers, plan.seed);
    return { network, step: createEagerStep(tf, network, libraryCrossEntropy(tf), plan, context), fillBatch };
  }
  const network = createNetwork(tf, plan.network, plan.shape, tfLayers(tf, context, plan.precision), plan.seed);
  const crossEntropy = tfCrossEntropy(tf);
  if (engine === "eager") {
    return { network, step: createEagerStep(tf, network, crossEntropy, plan, context), fillBatch };
  }
  const sizes = { batches: plan.batches, prediction: network.predictedAtOnce };
  return { ...createGraphTraining(tf, network, crossEntropy, context, plan, sizes), fillBatch };
}
