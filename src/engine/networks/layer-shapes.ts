/** Output shapes of layers, or their problem with the inputs. Shapes exclude the batch. */
import type { LayerSpec } from "../../contract/domain/networks.ts";
import { recurrenceOf } from "./recurrence.ts";
import { dilationOf, placeWindows, windowsOf } from "./windows.ts";

/** [values] of a row, or [samples, channels] of a sequence. */
export type Shape = readonly number[];

/** Returns the shape of the output, or one sentence about the problem with the inputs. */
export function outputShapeOf(layer: LayerSpec, inputs: readonly Shape[]): number[] | string {
  switch (layer.kind) {
    case "concatenate":
      return concatenated(inputs);
    case "add":
      return added(inputs);
    default:
      return inputs.length === 1
        ? ofOne(layer, inputs[0])
        : "It expects one input: join several by concatenate or add.";
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
    case "layer-normalization":
    case "activation":
    case "leaky-relu":
    case "dropout":
    case "gaussian-noise":
      return [...input];
    case "spatial-dropout-1d":
      return isSequence ? [...input] : needsSequence("Spatial dropout");
    case "conv1d": {
      if (!isSequence) return needsSequence("A convolution");
      if (layer.strides > 1 && dilationOf(layer) > 1) return "Strides and dilation can't both be above 1.";
      const { count } = placeWindows(time, windowsOf(layer));
      if (count > 0) return [count, layer.filters];
      const dilated = dilationOf(layer) > 1 ? ` and a dilation of ${layer.dilation}` : "";
      return tooShort(time, `a kernel of ${layer.kernelSize}${dilated} without padding`);
    }
    case "zero-padding-1d":
      return isSequence ? [layer.before + time + layer.after, channels] : needsSequence("Zero padding");
    case "max-pooling-1d":
    case "average-pooling-1d": {
      if (!isSequence) return needsSequence("Pooling");
      const { count } = placeWindows(time, windowsOf(layer));
      return count === 0 ? tooShort(time, `a pool of ${layer.poolSize}`) : [count, channels];
    }
    case "global-max-pooling-1d":
      return isSequence ? [channels] : needsSequence("Global max pooling");
    case "global-average-pooling-1d":
      return isSequence ? [channels] : needsSequence("Global average pooling");
    case "flatten":
      return isSequence ? [time * channels] : "It expects a sequence (samples × channels); its input is already a row.";
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

function concatenated(inputs: readonly Shape[]): number[] | string {
  if (inputs.length < 2) return "It needs two or more inputs.";
  const [first] = inputs;
  if (inputs.some((shape) => shape.length !== first.length)) return "A row and a sequence can't be joined.";
  if (inputs.some((shape) => shape.length === 2 && shape[0] !== first[0])) {
    return `Its inputs have different lengths (${inputs.map(([time]) => time).join(", ")} samples).`;
  }
  return [...first.slice(0, -1), inputs.reduce((sum, shape) => sum + shape.at(-1)!, 0)];
}

function added(inputs: readonly Shape[]): number[] | string {
  if (inputs.length < 2) return "It needs two or more inputs.";
  const [first] = inputs;
  const alike = inputs.every((shape) => shape.length === first.length && shape.every((size, i) => size === first[i]));
  return alike ? [...first] : `Its inputs have different shapes (${inputs.map(formatShape).join(", ")}).`;
}

/** `360 × 64` */
export function formatShape(shape: Shape): string {
  return shape.join(" × ");
}

function needsSequence(what: string): string {
  return `${what} expects a sequence (samples × channels); its input is a row.`;
}

function tooShort(time: number, what: string): string {
  return `The sequence has ${time} ${time === 1 ? "sample" : "samples"} here: too few for ${what}.`;
}
