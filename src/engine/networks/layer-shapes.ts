/** What a layer makes of its inputs: the shape of its output, or why it can't take them. Shapes leave out the batch. */
import type { LayerSpec } from "../../contract/domain/networks.ts";
import { recurrenceOf } from "./recurrence.ts";

/** [values]: a row. [samples, channels]: a sequence. */
export type Shape = readonly number[];

/** @returns the output's shape; a sentence where the layer can't take its inputs */
export function outputShapeOf(layer: LayerSpec, inputs: readonly Shape[]): number[] | string {
  switch (layer.kind) {
    case "concatenate":
      return concatenated(inputs);
    case "add":
      return added(inputs);
    default:
      return inputs.length === 1 ? ofOne(layer, inputs[0]) : "It takes one input: join several by concatenate or add.";
  }
}

type Joining = Extract<LayerSpec, { kind: "concatenate" | "add" }>;

function ofOne(layer: Exclude<LayerSpec, Joining>, input: Shape): number[] | string {
  const [time, channels] = input;
  const isSequence = input.length === 2;
  switch (layer.kind) {
    case "dense":
      return [...input.slice(0, -1), layer.units];
    case "batch-normalization":
    case "activation":
    case "dropout":
      return [...input];
    case "conv1d": {
      if (!isSequence) return needsSequence("A convolution");
      const { filters, kernelSize, strides, padding } = layer;
      if (padding === "same") return [Math.ceil(time / strides), filters];
      const length = windows(time, kernelSize, strides);
      return length === 0 ? tooShort(time, `a kernel of ${kernelSize} without padding`) : [length, filters];
    }
    case "max-pooling-1d": {
      if (!isSequence) return needsSequence("Pooling");
      const length = windows(time, layer.poolSize, layer.strides ?? layer.poolSize);
      return length === 0 ? tooShort(time, `a pool of ${layer.poolSize}`) : [length, channels];
    }
    case "global-average-pooling-1d":
      return isSequence ? [channels] : needsSequence("A global average");
    case "flatten":
      return isSequence ? [time * channels] : "It takes a sequence; what comes in is a row already.";
    case "lstm":
    case "gru":
    case "bidirectional": {
      if (!isSequence) return needsSequence("A recurrent layer");
      const { units, directions, returnSequences } = recurrenceOf(layer);
      const width = layer.kind === "bidirectional" && layer.merge === "concat" ? directions * units : units;
      return returnSequences ? [time, width] : [width];
    }
  }
}

/** How many places a window of `size` has in `length` samples, moved on by `strides`. */
function windows(length: number, size: number, strides: number): number {
  return length < size ? 0 : Math.floor((length - size) / strides) + 1;
}

function concatenated(inputs: readonly Shape[]): number[] | string {
  if (inputs.length < 2) return "It joins two inputs or more.";
  const [first] = inputs;
  if (inputs.some((shape) => shape.length !== first.length)) return "A row and a sequence can't be joined.";
  if (inputs.some((shape) => shape.length === 2 && shape[0] !== first[0])) {
    return `Its sequences are of different lengths (${inputs.map(([time]) => time).join(", ")} samples).`;
  }
  return [...first.slice(0, -1), inputs.reduce((sum, shape) => sum + shape.at(-1)!, 0)];
}

function added(inputs: readonly Shape[]): number[] | string {
  if (inputs.length < 2) return "It adds two inputs or more.";
  const [first] = inputs;
  const alike = inputs.every((shape) => shape.length === first.length && shape.every((size, i) => size === first[i]));
  return alike ? [...first] : `Its inputs are of different shapes (${inputs.map(formatShape).join(", ")}).`;
}

/** `360 × 64` */
export function formatShape(shape: Shape): string {
  return shape.join(" × ");
}

function needsSequence(what: string): string {
  return `${what} takes a sequence; what comes in is a row.`;
}

function tooShort(time: number, what: string): string {
  return `The sequence has ${time} ${time === 1 ? "sample" : "samples"} left here: too few for ${what}.`;
}
