/** TF.js layers with Keras' settings: those without an operation of TensorFlow that does better. */
import type { layers, RNN } from "@tensorflow/tfjs-node-gpu";
import { layerDefaults, type LayerSpec, type Padding, type RecurrentSpec } from "../../contract/domain/networks.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { mergeModes } from "../networks/merge-modes.ts";
import { hasBias } from "../networks/bias.ts";
import { dilationOf, windowsOf, type PoolingLayer } from "../networks/windows.ts";
import { dilatedConv1dLayer } from "./dilated-conv1d.ts";
import { globalMaxPoolingLayer } from "./global-max-pooling.ts";
import { gruLayer } from "./gru.ts";
import { zeroPaddingLayer } from "./zero-padding.ts";
import type { SequenceLayout } from "../networks/sequence-layouts.ts";

/**
 * Makes the layer of a specification.
 * @param layout order of a sequence's axes, batch first by default; some makers always use batch first
 */
export type LayerMaker = (spec: LayerSpec, layout?: SequenceLayout) => layers.Layer;

/** Weights are set afterwards: TF.js would draw them without a seed, and take seconds for those of an LSTM. */
const kernelInitializer = "zeros";
const recurrentInitializer = "zeros";

/** Returns the maker of TF.js layers. */
export function libraryLayers(tf: TensorFlow): LayerMaker {
  return (spec) => {
    const name = spec.id;
    switch (spec.kind) {
      case "dense":
        return tf.layers.dense({ name, units: spec.units, activation: spec.activation, ...biased(spec) });
      case "conv1d": {
        if (dilationOf(spec) > 1) return new (dilatedConv1dLayer(tf))({ name }, spec);
        const { filters, kernelSize, strides, padding, activation } = spec;
        return tf.layers.conv1d({ name, filters, kernelSize, strides, padding, activation, ...biased(spec) });
      }
      case "zero-padding-1d":
        return new (zeroPaddingLayer(tf))({ name, padding: [spec.before, spec.after] });
      case "batch-normalization":
        return tf.layers.batchNormalization({ name });
      case "layer-normalization":
        return tf.layers.layerNormalization({ name, epsilon: spec.epsilon ?? layerDefaults.epsilon });
      case "activation":
        return tf.layers.activation({ name, activation: spec.activation });
      case "leaky-relu":
        return tf.layers.leakyReLU({ name, alpha: spec.negativeSlope ?? layerDefaults.negativeSlope });
      case "dropout":
        return tf.layers.dropout({ name, rate: spec.rate });
      case "gaussian-noise":
        return tf.layers.gaussianNoise({ name, stddev: spec.deviation });
      case "spatial-dropout-1d":
        return tf.layers.spatialDropout1d({ name, rate: spec.rate });
      case "max-pooling-1d":
        return tf.layers.maxPooling1d({ name, ...poolOf(spec) });
      case "average-pooling-1d":
        return tf.layers.averagePooling1d({ name, ...poolOf(spec) });
      case "global-max-pooling-1d":
        return new (globalMaxPoolingLayer(tf))({ name });
      case "global-average-pooling-1d":
        return tf.layers.globalAveragePooling1d({ name });
      case "flatten":
        return tf.layers.flatten({ name });
      case "lstm":
      case "gru":
        return recurrentLayer(tf, name, spec);
      case "bidirectional": {
        // TF.js makes two layers of it, by its class and settings.
        const layer = recurrentLayer(tf, spec.layer.kind, spec.layer) as RNN;
        return tf.layers.bidirectional({ name, layer, mergeMode: mergeModes[spec.merge] });
      }
      case "concatenate":
        return tf.layers.concatenate({ name });
      case "add":
        return tf.layers.add({ name });
    }
  };
}

function biased(spec: Parameters<typeof hasBias>[0]) {
  return { useBias: hasBias(spec), kernelInitializer } as const;
}

function poolOf(spec: PoolingLayer): { poolSize: number; strides: number; padding: Padding } {
  const { size: poolSize, strides, padding } = windowsOf(spec);
  return { poolSize, strides, padding };
}

function recurrentLayer(tf: TensorFlow, name: string, { kind, units, returnSequences }: RecurrentSpec): layers.Layer {
  if (kind === "gru") return new (gruLayer(tf))({ name, units, returnSequences });
  return tf.layers.lstm({
    name,
    units,
    returnSequences,
    // Keras' activations: the default of TF.js is a piecewise linear sigmoid.
    activation: "tanh",
    recurrentActivation: "sigmoid",
    kernelInitializer,
    recurrentInitializer,
  });
}
