/** The three networks of the reference study, to the letter, for any number of classes and any window. */
import type { Sequential } from "@tensorflow/tfjs-node-gpu";
import type { NetworkName } from "../contract/training.ts";
import { sequenceLayouts, type LayerSpec } from "./layers/layer-spec.ts";
import type { LayerMaker } from "./layers/library-layers.ts";
import type { TensorFlow } from "./tensorflow.ts";

export interface NetworkShape {
  /** Samples of a beat. */
  windowLength: number;
  classes: number;
}

const dropout = (rate: number): LayerSpec => ({ kind: "dropout", rate });
const dense = (units: number): LayerSpec => ({ kind: "dense", units, activation: "relu" });
const conv1d = (filters: number, kernelSize: number): LayerSpec => ({
  kind: "conv1d",
  filters,
  kernelSize,
  activation: "relu",
});
const batchNormalization: LayerSpec = { kind: "batch-normalization" };
const halve: LayerSpec = { kind: "max-pooling-1d", poolSize: 2 };

/** All but the last layer, which has a unit a class. */
const bodies: Record<NetworkName, readonly LayerSpec[]> = {
  ann: [
    dense(256),
    batchNormalization,
    dropout(0.3),
    dense(128),
    batchNormalization,
    dropout(0.3),
    dense(64),
    dropout(0.2),
  ],
  cnn: [
    conv1d(64, 5),
    batchNormalization,
    halve,
    conv1d(128, 5),
    batchNormalization,
    halve,
    conv1d(256, 3),
    batchNormalization,
    { kind: "global-average-pooling-1d" },
    dense(128),
    dropout(0.4),
  ],
  lstm: [
    { kind: "lstm", units: 64, returnSequences: true },
    dropout(0.3),
    { kind: "lstm", units: 128, returnSequences: false },
    dropout(0.3),
    dense(64),
  ],
};

/**
 * Builds a network with all weights 0 (see {@link initialWeights}). Input: {@link inputShape}; output: [batch, classes].
 * @param output `softmax` gives probabilities, `linear` the logits before it
 */
export function buildNetwork(
  tf: TensorFlow,
  name: NetworkName,
  { windowLength, classes }: NetworkShape,
  makeLayer: LayerMaker,
  output: "softmax" | "linear",
): Sequential {
  const specs: LayerSpec[] = [...bodies[name], { kind: "dense", units: classes, activation: output }];
  const shape = inputShape(name, windowLength);
  const layouts = sequenceLayouts(specs);
  return tf.sequential({ layers: specs.map((spec, i) => makeLayer(spec, i === 0 ? shape : undefined, layouts[i])) });
}

/** Of one beat: a row of samples, or a sequence with one channel. */
export function inputShape(name: NetworkName, windowLength: number): number[] {
  return name === "ann" ? [windowLength] : [windowLength, 1];
}
