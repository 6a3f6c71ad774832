/**
 * Reads Keras' configuration of a model as a network. Layers of Keras become layers of Ectopy that compute the same
 * (keras-layers/). The model must end in a dense layer and a softmax.
 */
import { z } from "zod";
import {
  INPUT_ID,
  inputIds,
  layerSchema as ectopyLayer,
  MAX_ID_LENGTH,
  networkSchema,
  OUTPUT_ID,
  type InputId,
  type LayerSpec,
  type NetworkShape,
  type NetworkSpec,
} from "../../contract/domain/networks.ts";
import { outputShapeOf, type Shape } from "../networks/layer-shapes.ts";
import { inputShapeOf, inputsOf } from "../networks/wiring.ts";
import type { Equivalent } from "./keras-layers/equivalent.ts";
import { equivalentOf } from "./keras-layers/keras-layers.ts";
import { flatten, type FlatLayer } from "./keras-topology.ts";
import type { Weight } from "./trained-model.ts";
import { UnknownModelError } from "./unknown-model-error.ts";

export { UnknownModelError };

/** A layer whose weights are in the file, and the layers that they are for. */
export interface WeightSource {
  /** Name of the outermost layer, and group in a .keras archive (keras-topology.ts). */
  outer: string;
  group: string;
  /** Keras' class, such as `Conv1D`. */
  className: string;
  /** Weights in Keras' order. */
  roles: readonly string[];
  /** Ids of the layers that `weights` returns weights for. */
  ids: readonly string[];
  weights: Equivalent["weights"];
}

export interface KerasNetwork {
  spec: NetworkSpec;
  shape: NetworkShape;
  /** In the model's order; the last is the output layer. */
  sources: readonly WeightSource[];
}

export interface KerasConfigOptions {
  /** Samples of a beat, for a model that takes any number of them. */
  windowLength?: number | undefined;
  /** Whether Ectopy wrote the model: the name of its only input then says which one it is. */
  isOurs?: boolean;
}

/**
 * Reads a configuration. The only input of a foreign model is the beat; several inputs have Ectopy's names.
 * @throws UnknownModelError, ZodError
 */
export function readKerasConfig(
  config: unknown,
  { windowLength, isOurs = false }: KerasConfigOptions = {},
): KerasNetwork {
  const { layers, inputs: given } = flatten(config);
  const inputs = given.map(({ name, shape }) => ({
    id: given.length === 1 && !isOurs ? INPUT_ID : inputIdOf(name),
    shape: lengthOf(shape, windowLength),
  }));
  const { hidden, output } = splitOutput(layers);
  const specs: LayerSpec[] = [];
  const shapes = new Map<string, Shape>(inputs.map(({ id, shape }) => [id, shape]));
  const sources: WeightSource[] = [];
  /** Ids of the layers that give the outputs of Keras' layers, by their number. */
  const ids: string[] = [];
  const taken = new Set<string>([...inputIds, OUTPUT_ID]);
  const idOf = (number: number): string => (number < 0 ? inputs[-1 - number].id : ids[number]);
  hidden.forEach((layer, number) => {
    const inputs = layer.inputs.map(idOf);
    const [first = INPUT_ID] = inputs;
    const shape = inputs.length === 1 ? (shapes.get(first) ?? null) : null;
    const { parts, roles, weights } = equivalentOf(layer.className, layer.config, shape);
    const partIds = parts.map((_, i) => freeId(parts.length === 1 ? layer.name : `${layer.name}-${i + 1}`, taken));
    parts.forEach((part, i) => {
      const id = partIds[i];
      const before = i === 0 ? inputs : [partIds[i - 1]];
      const spec = ectopyLayer.parse({ id, inputs: before, ...part });
      const out = outputShapeOf(
        spec,
        before.map((each) => shapes.get(each) ?? []),
      );
      if (typeof out === "string") throw new UnknownModelError(`Its ${layer.className} does not fit its input. ${out}`);
      shapes.set(id, out);
      specs.push(spec);
    });
    ids[number] = partIds.at(-1) ?? first;
    const { outer, group, className } = layer;
    if (partIds.length > 0) sources.push({ outer, group, className, roles, ids: partIds, weights });
  });
  if (specs.length === 0) throw new UnknownModelError("It has one layer only; a network needs another one before it.");
  if (output.inputs.map(idOf).join() !== specs.at(-1)!.id) {
    throw new UnknownModelError("Its last layer does not have the previous layer as input.");
  }
  const classes = output.config["units"] as number;
  const { roles, weights } = equivalentOf("Dense", { ...output.config, activation: "linear" }, null);
  const { outer, group } = output;
  sources.push({
    outer,
    group,
    className: "Dense",
    roles,
    ids: [OUTPUT_ID],
    // The output layer always has a bias.
    weights: (given) => weights(given).map(([kernel, bias = zeroBias(classes)]) => [kernel, bias]),
  });
  const spec = networkSchema.parse({ name: "Imported from Keras", layers: withoutDefaultInputs(specs) });
  return { spec, shape: shapeOf(spec, shapes, { classes, windowLength }), sources };
}

/** Returns the id of an input by its name. @throws UnknownModelError */
function inputIdOf(name: string): InputId {
  const id = inputIds.find((each) => each === name);
  if (id === undefined) throw new UnknownModelError("It has more than one input.");
  return id;
}

/**
 * Returns the sizes of a network by the shapes of its inputs.
 * @param windowLength samples of a beat, where the network does not use it
 * @throws UnknownModelError where an input does not fit
 */
function shapeOf(
  spec: NetworkSpec,
  shapes: ReadonlyMap<string, Shape>,
  { classes, windowLength = 1 }: { classes: number; windowLength?: number | undefined },
): NetworkShape {
  const [beat, rhythm, sequence] = inputIds.map((id) => shapes.get(id));
  const shape: NetworkShape = { windowLength: beat?.[0] ?? windowLength, classes };
  if (beat !== undefined && beat.length > 1 && beat[1] !== 1) shape.channels = beat[1];
  const features = rhythm?.[0] ?? sequence?.[1];
  if (features !== undefined) shape.features = features;
  if (sequence !== undefined) shape.steps = sequence[0];
  for (const id of inputIds) {
    const given = shapes.get(id);
    if (given === undefined || inputShapeOf(spec, shape, id)?.join() === given.join()) continue;
    throw new UnknownModelError(`Its input shape is [${given.join(", ")}], which does not fit its first layer.`);
  }
  return shape;
}

/** The output layer: dense with softmax, or dense and a softmax behind it. */
function splitOutput(layers: readonly FlatLayer[]): { hidden: readonly FlatLayer[]; output: FlatLayer } {
  const count = layers.length;
  const last = layers.at(-1)!;
  const before = layers.at(-2);
  const isSoftmax =
    (last.className === "Activation" && last.config["activation"] === "softmax") ||
    (last.className === "Softmax" && [-1, undefined].includes(last.config["axis"] as number | undefined));
  const separate =
    isSoftmax &&
    before?.className === "Dense" &&
    last.inputs.join() === String(count - 2) &&
    ["linear", undefined].includes(before.config["activation"] as string | undefined);
  const output = separate ? before : last;
  const { units, activation } = output.config;
  if (output.className !== "Dense" || !(separate || activation === "softmax") || !isCount(units)) {
    throw new UnknownModelError("Its last layer is not a dense layer with softmax and one unit for each class.");
  }
  return { hidden: layers.slice(0, separate ? -2 : -1), output };
}

/** Returns an id for a layer's name: letters, digits, - and _, not taken yet. */
function freeId(name: string, taken: Set<string>): string {
  const letters = name.replaceAll(/[^A-Za-z0-9_-]/g, "_").replace(/^[^A-Za-z]/, (first) => `x${first}`);
  const base = (letters === "" ? "layer" : letters).slice(0, MAX_ID_LENGTH);
  for (let number = 1; ; number++) {
    const end = number === 1 ? "" : `-${number}`;
    const id = `${base.slice(0, MAX_ID_LENGTH - end.length)}${end}`;
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}

/** Returns the input shape without the batch. */
function lengthOf(given: unknown, windowLength: number | undefined): number[] {
  const size = z.int().min(1);
  const [, time, ...rest] = z.tuple([z.unknown(), size.nullable()], size).parse(given);
  const length = time ?? windowLength;
  if (length === undefined) throw new UnknownModelError("It takes beats of any length, and no preparation says which.");
  return [length, ...rest];
}

/** Omits inputs that are the default, the previous layer, as presets do. */
function withoutDefaultInputs(specs: readonly LayerSpec[]): object[] {
  const plain = specs.map(({ inputs: _, ...rest }) => rest);
  return specs.map((spec, i) => {
    const obvious = inputsOf(plain, i);
    return spec.inputs?.join() === obvious.join() ? plain[i] : spec;
  });
}

function zeroBias(classes: number): Weight {
  return { name: "bias", shape: [classes], values: new Float32Array(classes) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** Returns the weights of a layer's parts, by id. @param given in the order of `roles` */
export function weightsOfSource({ ids, weights }: WeightSource, given: readonly Weight[]): [string, Weight[]][] {
  return weights(given).flatMap((of, i): [string, Weight[]][] => (of.length === 0 ? [] : [[ids[i], of]]));
}
