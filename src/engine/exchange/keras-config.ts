/**
 * Describes a network as Keras' configuration of a functional model, in the format of Keras 2, which Keras 3 reads too.
 */
import {
  layerDefaults,
  OUTPUT_ID,
  type LayerSpec,
  type NetworkShape,
  type NetworkSpec,
  type RecurrentSpec,
} from "../../contract/domain/networks.ts";
import { NORMALIZATION_EPSILON } from "../networks/normalization.ts";
import { hasBias } from "../networks/bias.ts";
import { dilationOf, windowsOf, type PoolingLayer } from "../networks/windows.ts";
import { mergeModes } from "../networks/merge-modes.ts";
import { inputsOf, inputsWithShapes, outputLayer, type NetworkInput } from "../networks/wiring.ts";

export interface LayerConfig {
  class_name: string;
  config: Record<string, unknown>;
  name: string;
  /** [[[layer, node, tensor, {}], …]] */
  inbound_nodes: [string, number, number, object][][];
}

export interface ModelConfig {
  class_name: "Functional";
  config: {
    name: string;
    trainable: boolean;
    layers: LayerConfig[];
    input_layers: [string, number, number][];
    output_layers: [string, number, number][];
  };
}

/** Returns the configuration of a network, whose output is probabilities. */
export function kerasConfig(spec: NetworkSpec, shape: NetworkShape): ModelConfig {
  const { layers } = spec;
  const inputs = inputsWithShapes(spec, shape).map(inputConfig);
  const softmax = layerConfig(outputLayer(shape), [layers.at(-1)!.id]);
  softmax.config["activation"] = "softmax";
  return {
    class_name: "Functional",
    config: {
      name: "network",
      trainable: true,
      layers: [...inputs, ...layers.map((layer, i) => layerConfig(layer, inputsOf(layers, i))), softmax],
      input_layers: inputs.map(({ name }) => [name, 0, 0]),
      output_layers: [[OUTPUT_ID, 0, 0]],
    },
  };
}

function inputConfig({ id, shape }: NetworkInput): LayerConfig {
  const config = {
    batch_input_shape: [null, ...shape],
    dtype: "float32",
    sparse: false,
    ragged: false,
    name: id,
  };
  return { class_name: "InputLayer", config, name: id, inbound_nodes: [] };
}

function layerConfig(spec: LayerSpec, inputs: readonly string[]): LayerConfig {
  const { class_name, config } = settingsOf(spec);
  // Keras 3 refuses this setting of all its layers in one of them.
  const trainable = class_name === "SpatialDropout1D" ? {} : { trainable: true };
  return {
    class_name,
    config: { name: spec.id, ...trainable, dtype: "float32", ...config },
    name: spec.id,
    inbound_nodes: [inputs.map((id) => [id, 0, 0, {}])],
  };
}

interface Settings {
  class_name: string;
  config: Record<string, unknown>;
}

function settingsOf(spec: LayerSpec): Settings {
  switch (spec.kind) {
    case "dense":
      return {
        class_name: "Dense",
        config: { units: spec.units, activation: spec.activation, use_bias: hasBias(spec) },
      };
    case "conv1d":
      return {
        class_name: "Conv1D",
        config: {
          filters: spec.filters,
          kernel_size: [spec.kernelSize],
          strides: [spec.strides],
          padding: spec.padding,
          data_format: "channels_last",
          dilation_rate: [dilationOf(spec)],
          groups: 1,
          activation: spec.activation,
          use_bias: hasBias(spec),
        },
      };
    case "zero-padding-1d":
      return { class_name: "ZeroPadding1D", config: { padding: [spec.before, spec.after] } };
    case "batch-normalization":
      return {
        class_name: "BatchNormalization",
        config: { axis: -1, momentum: 0.99, epsilon: NORMALIZATION_EPSILON, center: true, scale: true },
      };
    case "layer-normalization":
      return {
        class_name: "LayerNormalization",
        config: { axis: [-1], epsilon: spec.epsilon ?? layerDefaults.epsilon, center: true, scale: true },
      };
    case "activation":
      return { class_name: "Activation", config: { activation: spec.activation } };
    case "leaky-relu":
      // Keras 3 calls it negative_slope, and reads this name of Keras 2 and TF.js as well.
      return { class_name: "LeakyReLU", config: { alpha: spec.negativeSlope ?? layerDefaults.negativeSlope } };
    case "dropout":
      return { class_name: "Dropout", config: { rate: spec.rate } };
    case "gaussian-noise":
      return { class_name: "GaussianNoise", config: { stddev: spec.deviation } };
    case "spatial-dropout-1d":
      return { class_name: "SpatialDropout1D", config: { rate: spec.rate } };
    case "max-pooling-1d":
      return { class_name: "MaxPooling1D", config: poolingConfig(spec) };
    case "average-pooling-1d":
      return { class_name: "AveragePooling1D", config: poolingConfig(spec) };
    case "global-max-pooling-1d":
      return { class_name: "GlobalMaxPooling1D", config: { data_format: "channels_last" } };
    case "global-average-pooling-1d":
      return { class_name: "GlobalAveragePooling1D", config: { data_format: "channels_last" } };
    case "flatten":
      return { class_name: "Flatten", config: { data_format: "channels_last" } };
    case "lstm":
    case "gru":
      return recurrent(spec);
    case "bidirectional": {
      const { class_name, config } = recurrent(spec.layer);
      const inner = { name: spec.layer.kind, trainable: true, dtype: "float32", ...config };
      // Keras 3 requires the module of an inner layer's class; Keras 2 ignores it.
      const layer = { module: "keras.layers", class_name, config: inner, registered_name: null };
      return { class_name: "Bidirectional", config: { layer, merge_mode: mergeModes[spec.merge] } };
    }
    case "concatenate":
      return { class_name: "Concatenate", config: { axis: -1 } };
    case "add":
      return { class_name: "Add", config: {} };
  }
}

function poolingConfig(spec: PoolingLayer): Settings["config"] {
  const { size, strides, padding } = windowsOf(spec);
  return { pool_size: [size], strides: [strides], padding, data_format: "channels_last" };
}

function recurrent({ kind, units, returnSequences }: RecurrentSpec): Settings {
  const config = {
    units,
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    return_sequences: returnSequences,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
  };
  return kind === "lstm"
    ? { class_name: "LSTM", config: { ...config, unit_forget_bias: true } }
    : { class_name: "GRU", config: { ...config, reset_after: true } };
}
