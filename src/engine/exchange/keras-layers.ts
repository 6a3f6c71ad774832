/**
 * Layers of Keras as layers of Ectopy that compute the same. Most have one equivalent; others are written by several
 * layers, or by changed weights: a dilated kernel has zeros between its weights, and another epsilon of a batch
 * normalization is added to its variances.
 */
import { activations, mergeModes as modes, type LayerSpec } from "../../contract/domain/networks.ts";
import { mergeModes } from "../networks/merge-modes.ts";
import { NORMALIZATION_EPSILON } from "../networks/normalization.ts";
import type { Shape } from "../networks/layer-shapes.ts";
import type { Weight } from "./trained-model.ts";
import { UnknownModelError } from "./unknown-model-error.ts";

export type KerasSettings = Readonly<Record<string, unknown>>;

/** A layer of Ectopy without its id. */
export type Part = LayerSpec extends infer Each
  ? Each extends LayerSpec
    ? Omit<Each, "id" | "inputs">
    : never
  : never;

/** What computes the same as a layer of Keras. */
export interface Equivalent {
  /** Layers, each behind the one before; none: the layer changes nothing in a prediction. */
  parts: { part: Part; inputs?: ("input" | number)[] }[];
  /** The layer's weights in Keras' order. */
  roles: readonly string[];
  /** Returns the weights of each part from those of the file. */
  weights: (given: readonly Weight[]) => Weight[][];
}

/** Weights that a made layer may have at most: a convolution that computes an average has channels² of them. */
const MAX_MADE_WEIGHTS = 16_000_000;

/** Layers that change nothing in a prediction, and that Ectopy lacks for training. */
const inactive = new Set(["SpatialDropout1D", "GaussianDropout", "AlphaDropout", "ActivityRegularization"]);

/**
 * @param input shape of the layer's first input; null where it has several
 * @throws UnknownModelError
 */
export function equivalentOf(className: string, config: KerasSettings, input: Shape | null): Equivalent {
  /** Refuses other values of settings that are fixed in Ectopy. */
  const only = (expected: KerasSettings): void => {
    for (const [key, value] of Object.entries(expected)) {
      if (config[key] === undefined || isSame(config[key], value)) continue;
      throw new UnknownModelError(`Its ${className} has ${key} ${shown(config[key])}, not ${JSON.stringify(value)}.`);
    }
  };
  const size = (key: string): number => {
    const value: unknown = Array.isArray(config[key]) ? (config[key] as unknown[])[0] : config[key];
    if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
    throw new UnknownModelError(`Its ${className} has ${key} ${shown(value)}.`);
  };
  const sequence = (): { length: number; channels: number } => {
    if (input?.length === 2) return { length: input[0], channels: input[1] };
    throw new UnknownModelError(`Its ${className} has a row as input, not a sequence.`);
  };
  const bias = hasBias(className, config);
  const activation = config["activation"] ?? "linear";
  if (inactive.has(className)) return nothing;
  switch (className) {
    case "Dense": {
      const part: Part = { kind: "dense", units: size("units"), activation: "linear" };
      return activated(dense(part, bias), activation, input === null ? null : [...input.slice(0, -1), part.units]);
    }
    case "Conv1D":
    case "Convolution1D": {
      only({ data_format: "channels_last", groups: 1 });
      const convolved = convolution(className, config, { bias, size, ...sequence() });
      return activated(convolved, activation, input === null ? null : [1, size("filters")]);
    }
    case "Dropout":
      only({ noise_shape: null });
      return plain({ kind: "dropout", rate: numberOr(config["rate"], 0) });
    case "GaussianNoise":
      return plain({ kind: "gaussian-noise", deviation: numberOr(config["stddev"], 0) });
    case "BatchNormalization": {
      only({ axis: config["axis"] === -1 || Array.isArray(config["axis"]) ? config["axis"] : (input?.length ?? 0) });
      return normalization(config, input);
    }
    case "Activation":
      // It stays a layer of the network: Ectopy's models have it too.
      if (activation === "linear") return plain({ kind: "activation", activation });
      return activated(nothing, activation, input);
    case "ReLU": {
      only({ max_value: null, threshold: 0 });
      return leaky(numberOr(config["negative_slope"], 0), input);
    }
    case "LeakyReLU":
      return leaky(numberOr(config["negative_slope"] ?? config["alpha"], 0.3), input);
    case "ELU":
      only({ alpha: 1 });
      return plain({ kind: "activation", activation: "elu" });
    case "MaxPooling1D": {
      const { length } = sequence();
      return plain({ kind: "max-pooling-1d", ...pooling(className, config, length, size) });
    }
    case "GlobalMaxPooling1D":
    case "GlobalMaxPool1D": {
      only({ data_format: "channels_last" });
      const { length } = sequence();
      return of([
        { kind: "max-pooling-1d", poolSize: length, strides: length },
        ...(config["keepdims"] === true ? [] : flat),
      ]);
    }
    case "AveragePooling1D": {
      const { length, channels } = sequence();
      return average(pooling(className, config, length, size), channels);
    }
    case "GlobalAveragePooling1D":
    case "GlobalAvgPool1D":
      only({ data_format: "channels_last", keepdims: false });
      return plain({ kind: "global-average-pooling-1d" });
    case "Flatten":
      only({ data_format: "channels_last" });
      return input?.length === 1 ? nothing : of(flat);
    case "LSTM":
    case "GRU":
    case "Bidirectional":
      return recurrent(className, config);
    case "Concatenate":
      return plain({ kind: "concatenate" });
    case "Add":
      return plain({ kind: "add" });
    default:
      throw new UnknownModelError(`It has a ${className} layer, which Ectopy does not support.`);
  }
}

const nothing: Equivalent = { parts: [], roles: [], weights: () => [] };
const flat: Part[] = [{ kind: "flatten" }];

/** A chain of layers without weights. */
function of(parts: readonly Part[]): Equivalent {
  return { parts: parts.map((part) => ({ part })), roles: [], weights: () => parts.map(() => []) };
}

function plain(part: Part): Equivalent {
  return of([part]);
}

/** A layer with a kernel: without a bias, the bias is 0. */
function dense(part: Part & { kind: "dense" }, bias: boolean): Equivalent {
  return {
    parts: [{ part }],
    roles: bias ? ["kernel", "bias"] : ["kernel"],
    weights: ([kernel, given]) => [[kernel, given ?? zeros("bias", [part.units])]],
  };
}

/** Adds an activation behind a layer; where one part has it, inside that part. @param output shape of the layer */
function activated(layer: Equivalent, activation: unknown, output: Shape | null): Equivalent {
  const known = activation === "silu" ? "swish" : activation;
  if (known === "linear") return layer;
  if (known === "leaky_relu") return joined(layer, leaky(0.2, output));
  const name = activations.find((each) => each === known);
  if (name === undefined) throw new UnknownModelError(`It has the activation ${shown(activation)}.`);
  const last = layer.parts.at(-1)?.part;
  if (last !== undefined && layer.parts.length === 1 && "activation" in last) {
    return { ...layer, parts: [{ part: { ...last, activation: name } }] };
  }
  return joined(layer, plain({ kind: "activation", activation: name }));
}

function joined(first: Equivalent, second: Equivalent): Equivalent {
  const offset = first.parts.length;
  if (offset === 0) return second;
  const shifted = second.parts.map(({ part, inputs }) => ({
    part,
    ...(inputs && { inputs: inputs.map((each) => (each === "input" ? offset - 1 : each + offset)) }),
  }));
  return {
    parts: [...first.parts, ...shifted],
    roles: first.roles,
    weights: (given) => [...first.weights(given), ...second.weights([])],
  };
}

interface Convolution {
  bias: boolean;
  size: (key: string) => number;
  length: number;
  channels: number;
}

/** Dilation and causal padding as a longer kernel with zeros. */
function convolution(name: string, config: KerasSettings, { bias, size, length }: Convolution): Equivalent {
  const [filters, given, strides] = [size("filters"), size("kernel_size"), size("strides")];
  const dilation = config["dilation_rate"] === undefined ? 1 : size("dilation_rate");
  const padding = config["padding"] ?? "valid";
  const spread = (given - 1) * dilation + 1;
  const isCausal = padding === "causal";
  if (isCausal && strides !== 1) throw new UnknownModelError(`Its ${name} has causal padding and strides.`);
  if (!isCausal && padding !== "same" && padding !== "valid") {
    throw new UnknownModelError(`Its ${name} has padding ${shown(padding)}.`);
  }
  // “same” puts half of the kernel before a sample; causal puts all of it there, so that the other half is zeros.
  const kernelSize = isCausal ? 2 * spread - 1 : spread;
  const taps = Array.from({ length: given }, (_, i) => i * dilation);
  return longerKernel({ filters, kernelSize, strides, padding: isCausal ? "same" : padding, taps, bias, length });
}

interface Longer {
  filters: number;
  kernelSize: number;
  strides: number;
  padding: "same" | "valid";
  /** Place of each given weight in the kernel. */
  taps: readonly number[];
  bias: boolean;
  length: number;
}

function longerKernel({ filters, kernelSize, strides, padding, taps, bias }: Longer): Equivalent {
  const part: Part = { kind: "conv1d", filters, kernelSize, strides, padding, activation: "linear" };
  return {
    parts: [{ part }],
    roles: bias ? ["kernel", "bias"] : ["kernel"],
    weights: ([kernel, given]) => [[spreadKernel(kernel, kernelSize, taps), given ?? zeros("bias", [filters])]],
  };
}

/** Returns a kernel (samples, channels, filters) with its weights at other places, and zeros between them. */
function spreadKernel({ name, shape, values }: Weight, size: number, taps: readonly number[]): Weight {
  const [given = 0, channels = 0, filters = 0] = shape;
  if (given === size) return { name, shape, values };
  const row = channels * filters;
  if (size * row > MAX_MADE_WEIGHTS) throw new UnknownModelError("One of its dilated kernels is too large.");
  const spread = new Float32Array(size * row);
  taps.forEach((at, i) => spread.set(values.subarray(i * row, (i + 1) * row), at * row));
  return { name, shape: [size, channels, filters], values: spread };
}

/**
 * A zero padding and the convolution without padding behind it, as one convolution with padding: its kernel has zeros
 * where it needs them. Null: no such convolution exists.
 * @param around zeros before and after the sequence
 */
export function paddedConvolution(
  config: KerasSettings,
  around: readonly [number, number],
  input: Shape,
): Equivalent | null {
  const count = (key: string): number =>
    Number(Array.isArray(config[key]) ? (config[key] as unknown[])[0] : config[key]);
  const [filters, given, strides] = [count("filters"), count("kernel_size"), count("strides")];
  const dilation = count("dilation_rate") || 1;
  const [length = 0] = input;
  const [before, after] = around;
  const spread = (given - 1) * dilation + 1;
  const outputs = Math.floor((length + before + after - spread) / strides) + 1;
  if ((config["padding"] ?? "valid") !== "valid" || outputs !== Math.ceil(length / strides)) return null;
  for (let kernelSize = spread; kernelSize <= 2 * (spread + before + after) + strides; kernelSize++) {
    const total = Math.max((outputs - 1) * strides + kernelSize - length, 0);
    const offset = Math.floor(total / 2) - before;
    if (offset < 0 || offset + spread > kernelSize) continue;
    const taps = Array.from({ length: given }, (_, i) => offset + i * dilation);
    const bias = hasBias("Conv1D", config);
    const layer = longerKernel({ filters, kernelSize, strides, padding: "same", taps, bias, length });
    return activated(layer, config["activation"] ?? "linear", [outputs, filters]);
  }
  return null;
}

/** Another epsilon, no gamma and no beta: as other weights. */
function normalization(config: KerasSettings, input: Shape | null): Equivalent {
  const scale = config["scale"] !== false;
  const center = config["center"] !== false;
  const more = numberOr(config["epsilon"], 1e-3) - NORMALIZATION_EPSILON;
  const roles = [...(scale ? ["gamma"] : []), ...(center ? ["beta"] : []), "moving_mean", "moving_variance"];
  return {
    parts: [{ part: { kind: "batch-normalization" } }],
    roles,
    weights: (given) => {
      const at = (role: string): Weight | undefined => given[roles.indexOf(role)];
      const mean = at("moving_mean")!;
      const variance = at("moving_variance")!;
      const shape = [mean.values.length];
      if (input !== null && input.at(-1) !== mean.values.length) {
        throw new UnknownModelError("It normalizes another axis than the channels.");
      }
      const gamma = at("gamma") ?? { name: "gamma", shape, values: new Float32Array(mean.values.length).fill(1) };
      return [
        [
          gamma,
          at("beta") ?? zeros("beta", shape),
          mean,
          { ...variance, values: more === 0 ? variance.values : variance.values.map((value) => value + more) },
        ],
      ];
    },
  };
}

/** ReLU with a slope below 0: relu(x) − slope · relu(−x). */
function leaky(slope: number, input: Shape | null): Equivalent {
  const relu: Part = { kind: "activation", activation: "relu" };
  if (slope === 0) return plain(relu);
  const channels = input?.at(-1) ?? 0;
  if (input === null || channels * channels > MAX_MADE_WEIGHTS) {
    throw new UnknownModelError("Its leaky ReLU has no known input, or one with too many values.");
  }
  const layer = (activation: "relu" | "linear"): Part =>
    input.length === 2
      ? { kind: "conv1d", filters: channels, kernelSize: 1, strides: 1, padding: "same", activation }
      : { kind: "dense", units: channels, activation };
  const shape = input.length === 2 ? [1, channels, channels] : [channels, channels];
  const times = (factor: number): Weight[] => [diagonal(shape, channels, factor), zeros("bias", [channels])];
  return {
    parts: [
      { part: relu },
      { part: layer("relu"), inputs: ["input"] },
      { part: layer("linear") },
      { part: { kind: "add" }, inputs: [0, 2] },
    ],
    roles: [],
    weights: () => [[], times(-1), times(-slope), []],
  };
}

/** The mean of a pool as a convolution whose weights are 1 / pool on its diagonal. */
function average({ poolSize, strides }: { poolSize: number; strides: number }, channels: number): Equivalent {
  if (poolSize * channels * channels > MAX_MADE_WEIGHTS) {
    throw new UnknownModelError("Its average pooling has too many channels.");
  }
  return {
    parts: [
      {
        part: {
          kind: "conv1d",
          filters: channels,
          kernelSize: poolSize,
          strides,
          padding: "valid",
          activation: "linear",
        },
      },
    ],
    roles: [],
    weights: () => [[diagonal([poolSize, channels, channels], channels, 1 / poolSize), zeros("bias", [channels])]],
  };
}

function diagonal(shape: number[], channels: number, value: number): Weight {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let start = 0; start < values.length; start += channels * channels) {
    for (let i = 0; i < channels; i++) values[start + i * channels + i] = value;
  }
  return { name: "kernel", shape, values };
}

function pooling(
  name: string,
  config: KerasSettings,
  length: number,
  size: (key: string) => number,
): { poolSize: number; strides: number } {
  const poolSize = size("pool_size");
  const strides = config["strides"] === null || config["strides"] === undefined ? poolSize : size("strides");
  if ((config["padding"] ?? "valid") === "valid") return { poolSize, strides };
  const padded = (Math.ceil(length / strides) - 1) * strides + poolSize - length;
  if (padded <= 0) return { poolSize, strides };
  throw new UnknownModelError(
    `Its ${name} pads a sequence of ${length} samples (padding "same" with a pool of ${poolSize}), which Ectopy does not support.`,
  );
}

function recurrent(className: string, config: KerasSettings): Equivalent {
  const inner = className === "Bidirectional" ? (config["layer"] as { class_name?: unknown; config?: unknown }) : null;
  const [name, settings] =
    inner === null ? [className, config] : [String(inner.class_name), inner.config as KerasSettings];
  if ((name !== "LSTM" && name !== "GRU") || typeof settings !== "object" || settings === null) {
    throw new UnknownModelError(`Its ${className} has a ${name} layer.`);
  }
  const fixed: KerasSettings = {
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    go_backwards: false,
    return_state: false,
    stateful: false,
    time_major: false,
    ...(name === "GRU" ? { reset_after: true } : {}),
  };
  for (const [key, value] of Object.entries(fixed)) {
    if (settings[key] === undefined || isSame(settings[key], value)) continue;
    throw new UnknownModelError(`Its ${name} has ${key} ${shown(settings[key])}, not ${JSON.stringify(value)}.`);
  }
  const { units } = settings;
  if (!Number.isSafeInteger(units) || (units as number) < 1) throw new UnknownModelError(`Its ${name} has no units.`);
  const kind = name === "LSTM" ? "lstm" : "gru";
  const layer = { kind, units: units as number, returnSequences: settings["return_sequences"] === true } as const;
  const roles = ["kernel", "recurrent_kernel", "bias"];
  if (inner === null) return { parts: [{ part: layer }], roles, weights: (given) => [[...given]] };
  const merge = modes.find((each) => mergeModes[each] === config["merge_mode"]);
  if (merge === undefined)
    throw new UnknownModelError(`Its Bidirectional has merge_mode ${shown(config["merge_mode"])}.`);
  return {
    parts: [{ part: { kind: "bidirectional", layer, merge } }],
    roles: [`forward_${kind}`, `backward_${kind}`].flatMap((side) => roles.map((role) => `${side}/${role}`)),
    weights: (given) => [[...given]],
  };
}

function hasBias(className: string, config: KerasSettings): boolean {
  const value = config["use_bias"];
  if (value === undefined || typeof value === "boolean") return value ?? true;
  throw new UnknownModelError(`Its ${className} has use_bias ${shown(value)}.`);
}

function zeros(name: string, shape: number[]): Weight {
  return { name, shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
}

function numberOr(value: unknown, other: number): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  // Keras 2 stores arrays of one value.
  const within = (value as { config?: { value?: unknown } } | null | undefined)?.config?.value;
  return typeof within === "number" ? within : other;
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
