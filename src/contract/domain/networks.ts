/**
 * Networks as plain data: a list of layers, each taking the output of the one before it unless it names others. The last layer,
 * a dense one with a unit a class and softmax, is never in the list: the classes are the data's.
 */
import { z } from "zod";

/** Those that TF.js and Keras have alike, to the constant. */
export const activations = ["linear", "relu", "elu", "selu", "gelu", "swish", "tanh", "sigmoid"] as const;
export type Activation = (typeof activations)[number];

/** How a bidirectional layer joins its two directions. */
export const mergeModes = ["concat", "sum", "average", "multiply"] as const;
export type MergeMode = (typeof mergeModes)[number];

export const paddings = ["same", "valid"] as const;
export type Padding = (typeof paddings)[number];

/** What a layer names to take the beat itself. */
export const INPUT_ID = "input";
/** The layer with a unit a class. */
export const OUTPUT_ID = "output";

const MAX_LAYERS = 64;
/** Characters of a layer's id. */
export const MAX_ID_LENGTH = 32;
/** Wider layers than any use of a beat has. What a network takes in all is told by its description. */
const MAX_UNITS = 16_384;

const layerId = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, "a letter, then up to 31 letters, digits, - or _")
  .refine((id) => id !== INPUT_ID && id !== OUTPUT_ID, `“${INPUT_ID}” and “${OUTPUT_ID}” are taken`);

const common = {
  /** Unique in the network. */
  id: layerId,
  /** Ids of earlier layers, or `input`; without it, the layer before (of the first: `input`). */
  inputs: z.array(z.string()).min(1).max(MAX_LAYERS).optional(),
};
const units = z.int().min(1).max(MAX_UNITS);
const activation = z.enum(activations);
const samples = z.int().min(1).max(MAX_UNITS);
const recurrent = {
  units,
  /** The state after every sample, instead of the last alone. */
  returnSequences: z.boolean().default(false),
};

export const recurrentSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("lstm"), ...recurrent }),
  z.strictObject({ kind: z.literal("gru"), ...recurrent }),
]);
export type RecurrentSpec = z.infer<typeof recurrentSchema>;

const layerSchemas = [
  z.strictObject({ ...common, kind: z.literal("dense"), units, activation }),
  z.strictObject({
    ...common,
    kind: z.literal("conv1d"),
    filters: units,
    kernelSize: samples,
    strides: samples.default(1),
    padding: z.enum(paddings).default("same"),
    activation,
  }),
  z.strictObject({ ...common, kind: z.literal("batch-normalization") }),
  z.strictObject({ ...common, kind: z.literal("activation"), activation }),
  z.strictObject({ ...common, kind: z.literal("dropout"), rate: z.number().min(0).lt(1) }),
  z.strictObject({
    ...common,
    kind: z.literal("max-pooling-1d"),
    poolSize: samples,
    /** Without it, the pool's size. */
    strides: samples.optional(),
  }),
  z.strictObject({ ...common, kind: z.literal("global-average-pooling-1d") }),
  z.strictObject({ ...common, kind: z.literal("flatten") }),
  z.strictObject({ ...common, kind: z.literal("lstm"), ...recurrent }),
  /** As Keras has it since TensorFlow 2: the reset gate after the product (`reset_after`). */
  z.strictObject({ ...common, kind: z.literal("gru"), ...recurrent }),
  z.strictObject({
    ...common,
    kind: z.literal("bidirectional"),
    layer: recurrentSchema,
    merge: z.enum(mergeModes).default("concat"),
  }),
  /** Of rows, or of sequences of one length along their channels. */
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

/** What a network is made for. */
export interface NetworkShape {
  /** Samples of a beat. */
  windowLength: number;
  classes: number;
}

export interface LayerDescription {
  id: string;
  /** What it takes, none left out. */
  inputs: string[];
  /** Without the batch: [values] of a row, [samples, channels] of a sequence; null where the layer, or one before it, is wrong. */
  outputShape: number[] | null;
  parameters: { trainable: number; total: number };
  /** What a training step holds for each beat of a batch: the output, and a recurrence's gates and states. */
  bytesPerBeat: number;
  /** What is wrong here, in a plain sentence; null: nothing. */
  problem: string | null;
}

export interface NetworkDescription {
  /** Of one beat: [windowLength] where the first layer is dense, else [windowLength, 1]. */
  inputShape: number[];
  /** In the network's order. */
  layers: LayerDescription[];
  /** The layer with a unit a class. */
  output: LayerDescription;
  parameters: { trainable: number; total: number };
  bytesPerBeat: number;
  /** Whether it can be trained: no layer has a problem. */
  sound: boolean;
}
