/** The three networks of the reference study, to the letter, for any number of classes and any window. */
import type { layers, Sequential } from "@tensorflow/tfjs-node-gpu";
import type { NetworkName } from "../contract/training.ts";
import type { TensorFlow } from "./tensorflow.ts";

export interface NetworkShape {
  /** Samples of a beat. */
  windowLength: number;
  classes: number;
}

type Layer = layers.Layer;

/** Makes a dropout layer; training uses one whose random numbers are seeded. */
export type DropoutMaker = (rate: number) => Layer;

/**
 * Builds a network with all weights 0 (see {@link initialWeights}). Inputs: ANN [batch, window], others [batch, window, 1];
 * output: [batch, classes] probabilities.
 */
export function buildNetwork(
  tf: TensorFlow,
  name: NetworkName,
  shape: NetworkShape,
  dropout: DropoutMaker = (rate) => tf.layers.dropout({ rate }),
): Sequential {
  const list = networks[name](tf, shape, dropout);
  return tf.sequential({ layers: list });
}

/** Whether a beat goes in as one row of samples, or as a sequence with one channel. */
export function inputShape(name: NetworkName, windowLength: number): [number] | [number, number] {
  return name === "ann" ? [windowLength] : [windowLength, 1];
}

type Builder = (tf: TensorFlow, shape: NetworkShape, dropout: DropoutMaker) => Layer[];

/** The library would draw first weights without a seed, and take seconds for the LSTM's orthogonal ones. */
const kernelInitializer = "zeros";
const recurrentInitializer = "zeros";

const networks: Record<NetworkName, Builder> = {
  ann: (tf, { windowLength, classes }, dropout) => [
    tf.layers.dense({ units: 256, activation: "relu", kernelInitializer, inputShape: [windowLength] }),
    tf.layers.batchNormalization(),
    dropout(0.3),
    tf.layers.dense({ units: 128, activation: "relu", kernelInitializer }),
    tf.layers.batchNormalization(),
    dropout(0.3),
    tf.layers.dense({ units: 64, activation: "relu", kernelInitializer }),
    dropout(0.2),
    tf.layers.dense({ units: classes, activation: "softmax", kernelInitializer }),
  ],
  cnn: (tf, { windowLength, classes }, dropout) => {
    const convolution = (filters: number, kernelSize: number, first = false): Layer =>
      tf.layers.conv1d({
        filters,
        kernelSize,
        padding: "same",
        activation: "relu",
        kernelInitializer,
        ...(first ? { inputShape: [windowLength, 1] } : {}),
      });
    return [
      convolution(64, 5, true),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling1d({ poolSize: 2 }),
      convolution(128, 5),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling1d({ poolSize: 2 }),
      convolution(256, 3),
      tf.layers.batchNormalization(),
      tf.layers.globalAveragePooling1d({}),
      tf.layers.dense({ units: 128, activation: "relu", kernelInitializer }),
      dropout(0.4),
      tf.layers.dense({ units: classes, activation: "softmax", kernelInitializer }),
    ];
  },
  lstm: (tf, { windowLength, classes }, dropout) => {
    // Keras' gates: tfjs would take a piecewise linear sigmoid.
    const gates = {
      activation: "tanh",
      recurrentActivation: "sigmoid",
      kernelInitializer,
      recurrentInitializer,
    } as const;
    return [
      tf.layers.lstm({ units: 64, returnSequences: true, ...gates, inputShape: [windowLength, 1] }),
      dropout(0.3),
      tf.layers.lstm({ units: 128, ...gates }),
      dropout(0.3),
      tf.layers.dense({ units: 64, activation: "relu", kernelInitializer }),
      tf.layers.dense({ units: classes, activation: "softmax", kernelInitializer }),
    ];
  },
};
