/**
 * Networks as plain data: a list of layers. Each layer takes the output of the previous one unless it names other
 * inputs. The output layer (dense, one unit for each class, softmax) is not in the list, because the classes depend on
 * the data.
 */
import { z } from "zod";

/** Activations that are identical in TF.js and Keras. */
export const activations = ["linear", "relu", "elu", "selu", "gelu", "swish", "tanh", "sigmoid"] as const;
export type Activation = (typeof activations)[number];

/** How a bidirectional layer joins its two directions. */
export const mergeModes = ["concat", "sum", "average", "multiply"] as const;
export type MergeMode = (typeof mergeModes)[number];

export const paddings = ["same", "valid"] as const;
export type Padding = (typeof paddings)[number];

/** Id of the first input, the beat. */
export const INPUT_ID = "input";
/**
 * Inputs of a network: the beat, its features, and the features of the beat with its neighbours in the recording. A
 * layer with one of the last two names hides the input, because networks of earlier versions may have such a layer.
 */
export const inputIds = [INPUT_ID, "rhythm", "sequence"] as const;
export type InputId = (typeof inputIds)[number];
/** Id of the output layer. */
export const OUTPUT_ID = "output";

/** Values of optional settings where a layer lacks them, as in Keras. */
export const layerDefaults = {
  useBias: true,
  dilation: 1,
  poolPadding: "valid",
  epsilon: 1e-3,
  negativeSlope: 0.3,
} as const;

const MAX_LAYERS = 64;
/** Maximum length of a layer's id, in characters. */
export const MAX_ID_LENGTH = 32;
/** Upper bound of a single size. describe-network.ts limits the size of the whole network. */
const MAX_UNITS = 16_384;

const layerId = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, "a letter, then up to 31 letters, digits, - or _")
  .refine((id) => id !== INPUT_ID && id !== OUTPUT_ID, `“${INPUT_ID}” and “${OUTPUT_ID}” are reserved`);

const common = {
  /** Unique in the network. */
  id: layerId,
  /** Ids of earlier layers, or of inputs; by default the previous layer, for the first one `input`. */
  inputs: z.array(z.string()).min(1).max(MAX_LAYERS).optional(),
};
const units = z.int().min(1).max(MAX_UNITS);
const activation = z.enum(activations);
const samples = z.int().min(1).max(MAX_UNITS);
const recurrent = {
  units,
  /** Outputs the state after every sample instead of the last state. */
  returnSequences: z.boolean().default(false),
};

export const recurrentSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("lstm"), ...recurrent }),
  z.strictObject({ kind: z.literal("gru"), ...recurrent }),
]);
export type RecurrentSpec = z.infer<typeof recurrentSchema>;

/** Whether a bias is added. Optional settings have the values of {@link layerDefaults}. */
const useBias = z.boolean().optional();
/** Windows of a pooling layer. */
const pool = {
  poolSize: samples,
  /** By default the pool size. */
  strides: samples.optional(),
  padding: z.enum(paddings).optional(),
};
/** Zeros before or after a sequence. */
const zeros = z.int().min(0).max(MAX_UNITS);

const layerSchemas = [
  z.strictObject({ ...common, kind: z.literal("dense"), units, activation, useBias }),
  z.strictObject({
    ...common,
    kind: z.literal("conv1d"),
    filters: units,
    kernelSize: samples,
    strides: samples.default(1),
    padding: z.enum(paddings).default("same"),
    /** Distance between the samples that a filter reads, in samples. */
    dilation: samples.optional(),
    activation,
    useBias,
  }),
  /** Zeros before and after a sequence. */
  z.strictObject({ ...common, kind: z.literal("zero-padding-1d"), before: zeros, after: zeros }),
  z.strictObject({ ...common, kind: z.literal("batch-normalization") }),
  /** Normalizes each row, or each sample of a sequence, over its values or channels. */
  z.strictObject({
    ...common,
    kind: z.literal("layer-normalization"),
    /** Added to the variance. */
    epsilon: z.number().gt(0).max(1).optional(),
  }),
  z.strictObject({ ...common, kind: z.literal("activation"), activation }),
  z.strictObject({
    ...common,
    kind: z.literal("leaky-relu"),
    /** Slope below 0. */
    negativeSlope: z.number().min(0).max(1).optional(),
  }),
  z.strictObject({ ...common, kind: z.literal("dropout"), rate: z.number().min(0).lt(1) }),
  /** Adds normal noise in training. */
  z.strictObject({ ...common, kind: z.literal("gaussian-noise"), deviation: z.number().min(0).max(1000) }),
  /** Drops whole channels of a beat instead of single values. */
  z.strictObject({ ...common, kind: z.literal("spatial-dropout-1d"), rate: z.number().min(0).lt(1) }),
  z.strictObject({ ...common, kind: z.literal("max-pooling-1d"), ...pool }),
  /** Means of windows; samples of the padding do not count. */
  z.strictObject({ ...common, kind: z.literal("average-pooling-1d"), ...pool }),
  z.strictObject({ ...common, kind: z.literal("global-max-pooling-1d") }),
  z.strictObject({ ...common, kind: z.literal("global-average-pooling-1d") }),
  z.strictObject({ ...common, kind: z.literal("flatten") }),
  z.strictObject({ ...common, kind: z.literal("lstm"), ...recurrent }),
  /** Keras' variant since TensorFlow 2: the reset gate is applied after the product (`reset_after`). */
  z.strictObject({ ...common, kind: z.literal("gru"), ...recurrent }),
  z.strictObject({
    ...common,
    kind: z.literal("bidirectional"),
    layer: recurrentSchema,
    merge: z.enum(mergeModes).default("concat"),
  }),
  /** Joins rows, or sequences of equal length along their channels. */
  z.strictObject({ ...common, kind: z.literal("concatenate") }),
  z.strictObject({ ...common, kind: z.literal("add") }),
] as const;

export const layerKinds = layerSchemas.map((schema) => schema.shape.kind.value);
export const layerSchema = z.discriminatedUnion("kind", layerSchemas, { error: `one of ${layerKinds.join(", ")}` });
export type LayerSpec = z.infer<typeof layerSchema>;
export type LayerKind = LayerSpec["kind"];

export const networkSchema = z.strictObject({
  name: z.string().trim().min(1).max(80),
  layers: z.array(layerSchema).min(1).max(MAX_LAYERS),
});
export type NetworkSpec = z.infer<typeof networkSchema>;

/** Sizes that the data give a network: its classes, and the inputs that a preparation offers. */
export const networkShapeSchema = z.strictObject({
  /** Samples of a beat. */
  windowLength: z.int().min(1).max(200_000),
  /** Values of each sample; absent: 1. */
  channels: z.int().min(1).max(64).exactOptional(),
  /** Features of a beat; absent: none. */
  features: z.int().min(1).max(4096).exactOptional(),
  /** Beats of a sequence of features; absent: no sequences. */
  steps: z.int().min(1).max(2001).exactOptional(),
  classes: z.int().min(1).max(1000),
});
export type NetworkShape = z.infer<typeof networkShapeSchema>;

export interface LayerDescription {
  id: string;
  /** Ids of all inputs. */
  inputs: string[];
  /**
   * Without the batch: [values] of a row, [samples, channels] of a sequence; null where this or an earlier layer is
   * invalid.
   */
  outputShape: number[] | null;
  parameters: { trainable: number; total: number };
  /** Memory of a training step for each beat of a batch: the output, and the gates and states of a recurrence. */
  bytesPerBeat: number;
  /** One sentence about the problem of this layer; null: no problem. */
  problem: string | null;
}

export interface NetworkDescription {
  /** Of one beat: [windowLength] where the first layer is dense and has one channel, else [windowLength, channels]. */
  inputShape: number[];
  /** Inputs that the network uses, with their shapes, without the batch. */
  inputs: { id: InputId; shape: number[] }[];
  /** In the network's order. */
  layers: LayerDescription[];
  /** The output layer. */
  output: LayerDescription;
  parameters: { trainable: number; total: number };
  bytesPerBeat: number;
  /** Whether no layer has a problem, so that the network can be trained. */
  sound: boolean;
}
