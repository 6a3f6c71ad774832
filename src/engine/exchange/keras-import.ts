/**
 * Reads Keras' configuration of a model as a network: functional or sequential, from Keras 2 or 3. The model must
 * consist of supported layers with the settings that Ectopy uses, and end in a dense layer with softmax.
 */
import { z } from "zod";
import {
  INPUT_ID,
  networkSchema,
  OUTPUT_ID,
  type NetworkShape,
  type NetworkSpec,
} from "../../contract/domain/networks.ts";
import { MAX_QUOTED_LENGTH, shortened } from "../../contract/text/shorten.ts";
import { inputShapeOf, inputsOf } from "../networks/wiring.ts";
import { mergeModes } from "../networks/merge-modes.ts";
import { NORMALIZATION_EPSILON } from "../networks/normalization.ts";

/** A model that can't be a network. The message is one sentence. */
export class UnknownModelError extends Error {
  override readonly name = "UnknownModelError";

  constructor(message: string) {
    // The message may quote the file.
    super(shortened(message, MAX_QUOTED_LENGTH));
  }
}

const settingsSchema = z.record(z.string(), z.unknown());
type Settings = z.infer<typeof settingsSchema>;

const layerSchema = z.object({
  class_name: z.string(),
  config: settingsSchema,
  name: z.string().optional(),
  inbound_nodes: z.array(z.unknown()).default([]),
});
type KerasLayer = z.infer<typeof layerSchema>;

const modelSchema = z.object({
  class_name: z.string(),
  config: z.object({ layers: z.array(layerSchema).min(2) }),
});

export interface KerasNetwork {
  spec: NetworkSpec;
  shape: NetworkShape;
  /** Keras' names of the layers, by their ids; the last one is {@link OUTPUT_ID}. */
  names: ReadonlyMap<string, string>;
}

/** Reads a configuration. @throws UnknownModelError, ZodError */
export function readKerasConfig(config: unknown): KerasNetwork {
  const model = modelSchema.parse(config);
  const isSequential = model.class_name === "Sequential";
  if (!isSequential && !["Functional", "Model"].includes(model.class_name)) {
    throw new UnknownModelError(`It is a ${model.class_name}, neither a functional nor a sequential model.`);
  }
  const { layers } = model.config;
  const [first, ...others] = layers;
  const inputShape = inputShapeFrom(first);
  // A sequential model may begin without a layer for its input.
  const real = first.class_name === "InputLayer" ? others : layers;
  const last = real.at(-1)!;
  const { units, activation } = last.config;
  if (last.class_name !== "Dense" || activation !== "softmax" || !isCount(units)) {
    throw new UnknownModelError("Its last layer is not a dense layer with softmax and one unit for each class.");
  }
  const ids = new Map<string, string>([[nameOf(first), INPUT_ID]]);
  if (first.class_name !== "InputLayer") ids.clear();
  const hidden = real.slice(0, -1);
  hidden.forEach((layer) => ids.set(nameOf(layer), nameOf(layer)));
  const idOf = (name: string): string => {
    const id = ids.get(name);
    if (id === undefined)
      throw new UnknownModelError(`A layer has the input “${name}”, which is a later layer or does not exist.`);
    return id;
  };
  const specs = hidden.map((layer) => {
    const inputs = isSequential ? [] : inboundOf(layer).map(idOf);
    return { id: nameOf(layer), ...(inputs.length === 0 ? {} : { inputs }), ...specOf(layer) };
  });
  if (!isSequential && inboundOf(last).map(idOf).join() !== specs.at(-1)?.id) {
    throw new UnknownModelError("Its last layer does not have the previous layer as input.");
  }
  const spec = networkSchema.parse({ name: "Imported from Keras", layers: withoutDefaultInputs(specs) });
  const shape = { windowLength: inputShape[0], classes: units };
  if (inputShapeOf(spec, shape.windowLength).join() !== inputShape.join()) {
    throw new UnknownModelError(`Its input shape is [${inputShape.join(", ")}], which does not fit its first layer.`);
  }
  const names = new Map([
    ...hidden.map((layer): [string, string] => [nameOf(layer), nameOf(layer)]),
    [OUTPUT_ID, nameOf(last)],
  ]);
  if (names.size < real.length) throw new UnknownModelError("Two of its layers have the same name.");
  return { spec, shape, names };
}

/** Omits inputs that are the default, the previous layer, as presets do. */
function withoutDefaultInputs(specs: readonly { id: string; inputs?: string[] }[]): object[] {
  const plain = specs.map(({ inputs: _, ...rest }) => rest);
  return specs.map((spec, i) => {
    const obvious = inputsOf(plain as unknown as NetworkSpec["layers"], i);
    return spec.inputs?.join() === obvious.join() ? plain[i] : spec;
  });
}

function nameOf({ name, config }: KerasLayer): string {
  return name ?? z.string().parse(config["name"]);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** Returns the input shape without the batch. */
function inputShapeFrom({ config }: KerasLayer): number[] {
  const shape = config["batch_shape"] ?? config["batch_input_shape"];
  const size = z.int().min(1);
  return z.tuple([z.unknown(), size], size).parse(shape).slice(1) as number[];
}

const kerasTensor = z.object({ config: z.object({ keras_history: z.tuple([z.string()], z.unknown()) }) });

/** Returns the names of a layer's inputs: Keras 2 has lists, Keras 3 arguments. */
function inboundOf({ inbound_nodes: [node, ...rest], class_name }: KerasLayer): string[] {
  if (node === undefined || rest.length > 0) throw new UnknownModelError(`A ${class_name} is used more than once.`);
  if (Array.isArray(node)) return node.map((entry) => z.tuple([z.string()], z.unknown()).parse(entry)[0]);
  const { args } = z.object({ args: z.array(z.unknown()) }).parse(node);
  const given = Array.isArray(args[0]) ? (args[0] as unknown[]) : args.slice(0, 1);
  return given.map((argument) => kerasTensor.parse(argument).config.keras_history[0]);
}

/** Returns whether two values, or lists of values, are equal. It looks no deeper than `expected` nests. */
function isSame(given: unknown, expected: unknown): boolean {
  if (!Array.isArray(expected)) return given === expected;
  return (
    Array.isArray(given) && given.length === expected.length && expected.every((each, i) => isSame(given[i], each))
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}

function specOf({ class_name, config }: KerasLayer): object {
  /** Refuses other values of settings that are fixed in Ectopy. */
  const only = (expected: Settings): void => {
    for (const [key, value] of Object.entries(expected)) {
      if (config[key] === undefined || isSame(config[key], value)) continue;
      throw new UnknownModelError(`Its ${class_name} has ${key} ${shown(config[key])}, not ${JSON.stringify(value)}.`);
    }
  };
  const size = (key: string): unknown => (Array.isArray(config[key]) ? (config[key] as unknown[])[0] : config[key]);
  const activation = config["activation"] === "silu" ? "swish" : config["activation"];
  switch (class_name) {
    case "Dense":
      only({ use_bias: true });
      return { kind: "dense", units: config["units"], activation };
    case "Conv1D":
      only({ use_bias: true, data_format: "channels_last", dilation_rate: [1], groups: 1 });
      return {
        kind: "conv1d",
        filters: config["filters"],
        kernelSize: size("kernel_size"),
        strides: size("strides"),
        padding: config["padding"],
        activation,
      };
    case "BatchNormalization":
      only({ epsilon: NORMALIZATION_EPSILON, center: true, scale: true });
      return { kind: "batch-normalization" };
    case "Activation":
      return { kind: "activation", activation };
    case "Dropout":
      only({ noise_shape: null });
      return { kind: "dropout", rate: config["rate"] };
    case "MaxPooling1D":
      only({ padding: "valid", data_format: "channels_last" });
      return { kind: "max-pooling-1d", poolSize: size("pool_size"), strides: size("strides") };
    case "GlobalAveragePooling1D":
      only({ data_format: "channels_last", keepdims: false });
      return { kind: "global-average-pooling-1d" };
    case "Flatten":
      only({ data_format: "channels_last" });
      return { kind: "flatten" };
    case "LSTM":
    case "GRU": {
      const gru = class_name === "GRU" ? { reset_after: true } : {};
      only({ activation: "tanh", recurrent_activation: "sigmoid", use_bias: true, go_backwards: false, ...gru });
      only({ return_state: false, stateful: false, time_major: false });
      return { kind: class_name.toLowerCase(), units: config["units"], returnSequences: config["return_sequences"] };
    }
    case "Bidirectional": {
      const merge = Object.entries(mergeModes).find(([, name]) => name === config["merge_mode"])?.[0];
      return { kind: "bidirectional", layer: specOf(layerSchema.parse(config["layer"])), merge };
    }
    case "Concatenate":
      return { kind: "concatenate" };
    case "Add":
      return { kind: "add" };
    default:
      throw new UnknownModelError(`It has a ${class_name} layer, which Ectopy does not support.`);
  }
}
