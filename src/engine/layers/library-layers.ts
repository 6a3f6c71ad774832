/** Each layer as tfjs has it, with Keras' settings: what is saved, and what runs without the native library. */
import type { layers } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow.ts";
import type { LayerSpec, SequenceLayout } from "./layer-spec.ts";

/**
 * Makes the layer of a specification.
 * @param inputShape without the batch; given to the first layer alone
 * @param layout how a sequence lies (batch first without it); makers that don't know of it leave it batch first
 */
export type LayerMaker = (spec: LayerSpec, inputShape?: number[], layout?: SequenceLayout) => layers.Layer;

/** The library would draw first weights without a seed, and take seconds for the LSTM's: they are set afterwards. */
const kernelInitializer = "zeros";
const recurrentInitializer = "zeros";

export function libraryLayers(tf: TensorFlow): LayerMaker {
  return (spec, inputShape) => {
    const first = inputShape === undefined ? {} : { inputShape };
    switch (spec.kind) {
      case "dense":
        return tf.layers.dense({ units: spec.units, activation: spec.activation, kernelInitializer, ...first });
      case "conv1d":
        return tf.layers.conv1d({
          filters: spec.filters,
          kernelSize: spec.kernelSize,
          activation: spec.activation,
          padding: "same",
          kernelInitializer,
          ...first,
        });
      case "batch-normalization":
        return tf.layers.batchNormalization({ ...first });
      case "dropout":
        return tf.layers.dropout({ rate: spec.rate, ...first });
      case "max-pooling-1d":
        return tf.layers.maxPooling1d({ poolSize: spec.poolSize, ...first });
      case "global-average-pooling-1d":
        return tf.layers.globalAveragePooling1d({ ...first });
      case "lstm":
        return tf.layers.lstm({
          units: spec.units,
          returnSequences: spec.returnSequences,
          // Keras' gates: tfjs would take a piecewise linear sigmoid.
          activation: "tanh",
          recurrentActivation: "sigmoid",
          kernelInitializer,
          recurrentInitializer,
          ...first,
        });
    }
  };
}
