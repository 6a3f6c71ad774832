/** Describes a network before it is built: output shape, parameters, memory and problem of each layer. */
import {
  OUTPUT_ID,
  type InputId,
  type LayerDescription,
  type LayerSpec,
  type NetworkDescription,
  type NetworkShape,
  type NetworkSpec,
} from "../../contract/domain/networks.ts";
import { hasBias } from "./bias.ts";
import { outputShapeOf, type Shape } from "./layer-shapes.ts";
import { isRecurrentLayer, recurrenceOf } from "./recurrence.ts";
import { beatShapeOf, consumersOf, inputShapeOf, inputsOf, inputsUsedBy, namedInputs } from "./wiring.ts";

/** Weights, gradients and two optimizer slots of this many parameters take 1.6 GB. */
const MAX_PARAMETERS = 100_000_000;
/** Memory of one layer for one beat of a batch, at most. */
const MAX_BYTES_PER_BEAT = 40_000_000;
const BYTES_PER_VALUE = 4;

/** Problem of a layer with an input that the data do not offer. Every preparation has beats. */
const MISSING_INPUT: Readonly<Record<InputId, string>> = {
  input: "The preparation has no beats.",
  rhythm: "Its input “rhythm” needs features of each beat, which this preparation lacks.",
  sequence: "Its input “sequence” needs the features of neighbouring beats, which this preparation lacks.",
};

/** Never throws: a problem is reported at its layer, and the layers that depend on it have no shape. */
export function describeNetwork(network: NetworkSpec, shape: NetworkShape): NetworkDescription {
  const { classes } = shape;
  const consumers = consumersOf(network.layers);
  const offered = new Map(namedInputs(network.layers).map((id) => [id, inputShapeOf(network, shape, id)]));
  const known = new Map<string, Shape | null>(offered);
  const layers = network.layers.map((layer, i) => {
    const isLast = i === network.layers.length - 1;
    const description = describeLayer(layer, inputsOf(network.layers, i), known, network);
    if (description.problem === null && !isLast && !consumers.has(layer.id)) {
      description.problem = "No layer uses its output.";
    }
    if (description.problem === null && isLast && description.outputShape?.length === 2) {
      description.problem =
        "The last layer must output a row: end with flatten, global pooling, or a recurrent layer with last-state output.";
    }
    if (!known.has(layer.id)) known.set(layer.id, description.outputShape);
    return description;
  });
  const last = layers.at(-1)!;
  const output = describeSound(
    { id: OUTPUT_ID, kind: "dense", units: classes, activation: "linear" },
    [last.id],
    last.problem === null && last.outputShape !== null ? [last.outputShape] : null,
  );
  const all = [...layers, output];
  const sum = (of: (layer: LayerDescription) => number): number => all.reduce((total, layer) => total + of(layer), 0);
  const parameters = { trainable: sum((l) => l.parameters.trainable), total: sum((l) => l.parameters.total) };
  if (parameters.total > MAX_PARAMETERS) tooLarge(layers);
  return {
    inputShape: beatShapeOf(network, shape),
    inputs: inputsUsedBy(network).flatMap((id) => {
      const shape = offered.get(id);
      return shape ? [{ id, shape }] : [];
    }),
    layers,
    output,
    parameters,
    bytesPerBeat: sum((layer) => layer.bytesPerBeat),
    sound: layers.every(({ problem }) => problem === null),
  };
}

function describeLayer(
  layer: LayerSpec,
  inputs: string[],
  known: ReadonlyMap<string, Shape | null>,
  { layers }: NetworkSpec,
): LayerDescription {
  const wrong = (problem: string): LayerDescription => ({ ...describeSound(layer, inputs, null), problem });
  if (known.has(layer.id)) return wrong(`Another layer has the same name, “${layer.id}”.`);
  const unknown = inputs.find((id) => !known.has(id));
  if (unknown !== undefined) {
    if (unknown === layer.id) return wrong("It uses its own output as input.");
    const later = layers.some(({ id }) => id === unknown);
    return wrong(later ? `Its input “${unknown}” is a later layer.` : `Its input “${unknown}” does not exist.`);
  }
  if (new Set(inputs).size < inputs.length) return wrong("It has the same input twice.");
  const missing = namedInputs(layers).find((id) => inputs.includes(id) && known.get(id) === null);
  if (missing !== undefined) return wrong(MISSING_INPUT[missing]);
  const shapes = inputs.map((id) => known.get(id) ?? null).filter((shape) => shape !== null);
  // The problem is reported at the earlier layer.
  if (shapes.length < inputs.length) return describeSound(layer, inputs, null);
  const shape = outputShapeOf(layer, shapes);
  if (typeof shape === "string") return wrong(shape);
  const description = describeSound(layer, inputs, shapes);
  if (description.bytesPerBeat > MAX_BYTES_PER_BEAT) {
    return wrong(
      `Its output is too large: ${Math.round(description.bytesPerBeat / 1e6)} MB for each beat of a batch. Reduce its size.`,
    );
  }
  return description;
}

/** Describes a layer without a problem. @param inputs shapes of the inputs; null where unknown */
function describeSound(layer: LayerSpec, names: string[], inputs: readonly Shape[] | null): LayerDescription {
  const shape = inputs === null ? null : outputShapeOf(layer, inputs);
  if (inputs === null || shape === null || typeof shape === "string") {
    const none = { trainable: 0, total: 0 };
    return { id: layer.id, inputs: names, outputShape: null, parameters: none, bytesPerBeat: 0, problem: null };
  }
  return {
    id: layer.id,
    inputs: names,
    outputShape: shape,
    parameters: parametersOf(layer, inputs[0].at(-1)!),
    bytesPerBeat: BYTES_PER_VALUE * (product(shape) + heldByRecurrence(layer, inputs[0])),
    problem: null,
  };
}

/** Returns the parameters. @param width values or channels of the input */
function parametersOf(layer: LayerSpec, width: number): { trainable: number; total: number } {
  const trained = (count: number): { trainable: number; total: number } => ({ trainable: count, total: count });
  switch (layer.kind) {
    case "dense":
      return trained((width + Number(hasBias(layer))) * layer.units);
    case "conv1d":
      return trained((layer.kernelSize * width + Number(hasBias(layer))) * layer.filters);
    case "layer-normalization":
      return trained(2 * width);
    case "batch-normalization":
      // Scale and shift are trained; moving mean and variance follow the batches.
      return { trainable: 2 * width, total: 4 * width };
    case "lstm":
    case "gru":
    case "bidirectional": {
      const { units, directions, gates, biases } = recurrenceOf(layer);
      return trained(directions * gates * units * (width + units + biases));
    }
    default:
      return trained(0);
  }
}

/**
 * Values that a recurrence keeps beside the output: for each sample the gates before and after activation, and the
 * state.
 */
function heldByRecurrence(layer: LayerSpec, [time]: Shape): number {
  if (!isRecurrentLayer(layer)) return 0;
  const { units, directions, gates } = recurrenceOf(layer);
  return directions * time * units * (2 * gates + 1);
}

/** Reports the problem at the layer with the most parameters. */
function tooLarge(layers: LayerDescription[]): void {
  const largest = layers.reduce((a, b) => (b.parameters.total > a.parameters.total ? b : a));
  largest.problem ??= `The network is too large: more than ${MAX_PARAMETERS.toLocaleString("en-US")} parameters, most of them in this layer.`;
}

function product(shape: Shape): number {
  return shape.reduce((a, b) => a * b, 1);
}
