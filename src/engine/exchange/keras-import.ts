/**
 * Reads Keras' configuration of a model as a network: functional or sequential, from Keras 2.0 to 3, with models inside
 * models. Layers of Keras become layers of Ectopy that compute the same (keras-layers.ts). The model must end in a
 * dense layer and a softmax.
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
import { equivalentOf, paddedConvolution, type Equivalent } from "./keras-layers.ts";
import type { Weight } from "./trained-model.ts";
import { UnknownModelError } from "./unknown-model-error.ts";

export { UnknownModelError };

const settingsSchema = z.record(z.string(), z.unknown());

const layerSchema = z.object({
  class_name: z.string(),
  config: z.union([settingsSchema, z.array(z.unknown())]),
  name: z.string().optional(),
  inbound_nodes: z.array(z.unknown()).default([]),
});

const layersSchema = z.array(layerSchema).min(1).max(1000);
const modelSchema = z.object({
  class_name: z.string(),
  // Keras 2.0 stored a sequential model as the list of its layers.
  config: z.union([z.object({ layers: layersSchema }), layersSchema]),
});

/** A layer of a model, with its place in the file. */
interface FlatLayer {
  className: string;
  config: Record<string, unknown>;
  /** Name in its model. */
  name: string;
  /** Name of the outermost layer that holds it: the file lists weights by these. */
  outer: string;
  /** Numbers of earlier layers; −1 − k: the model's input k. */
  inputs: number[];
}

/** A layer whose weights are in the file, and the layers that they are for. */
export interface WeightSource {
  /** Name of the outermost layer. */
  outer: string;
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

const MAX_NESTED_MODELS = 8;

export interface ReadingOptions {
  /** Samples of a beat, for a model that takes any number of them. */
  windowLength?: number | undefined;
  /** Whether Ectopy wrote the model: the name of its only input then says which one it is. */
  isOurs?: boolean;
}

/**
 * Reads a configuration. The only input of a foreign model is the beat; several inputs have Ectopy's names.
 * @throws UnknownModelError, ZodError
 */
export function readKerasConfig(config: unknown, { windowLength, isOurs = false }: ReadingOptions = {}): KerasNetwork {
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
    const padding = layer.className === "ZeroPadding1D" ? null : paddingBefore(layers, layer);
    if (layer.className === "ZeroPadding1D") {
      const behind = hidden.filter(({ inputs: of }) => of.includes(number));
      if (behind.length !== 1 || !isConvolution(behind[0].className)) throw unsupportedPadding();
      ids[number] = first;
      return;
    }
    const shape = inputs.length === 1 ? (shapes.get(first) ?? null) : null;
    const equivalent =
      padding === null
        ? equivalentOf(layer.className, layer.config, shape)
        : paddedConvolution(layer.config, padding, shape ?? []);
    if (equivalent === null) throw unsupportedPadding();
    const partIds = equivalent.parts.map((_, i) =>
      freeId(equivalent.parts.length === 1 ? layer.name : `${layer.name}-${i + 1}`, taken),
    );
    equivalent.parts.forEach(({ part, inputs: of }, i) => {
      const id = partIds[i];
      const before =
        of === undefined
          ? i === 0
            ? inputs
            : [partIds[i - 1]]
          : of.map((each) => (each === "input" ? first : partIds[each]));
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
    const { outer, className } = layer;
    const { roles, weights } = equivalent;
    if (partIds.length > 0) sources.push({ outer, className, roles, ids: partIds, weights });
  });
  if (specs.length === 0) throw new UnknownModelError("It has one layer only; a network needs another one before it.");
  if (output.inputs.map(idOf).join() !== specs.at(-1)!.id) {
    throw new UnknownModelError("Its last layer does not have the previous layer as input.");
  }
  const classes = output.config["units"] as number;
  const { roles, weights } = equivalentOf("Dense", { ...output.config, activation: "linear" }, null);
  sources.push({ outer: output.outer, className: "Dense", roles, ids: [OUTPUT_ID], weights });
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

function isConvolution(className: string): boolean {
  return className === "Conv1D" || className === "Convolution1D";
}

/** Returns the zeros that a padding layer puts around a convolution's input; null: there is none. */
function paddingBefore(layers: readonly FlatLayer[], { inputs, className }: FlatLayer): [number, number] | null {
  const before = inputs.length === 1 ? layers[inputs[0]] : undefined;
  if (before?.className !== "ZeroPadding1D" || !isConvolution(className)) return null;
  const { padding } = before.config;
  const [start, end] = Array.isArray(padding) ? (padding as unknown[]) : [padding, padding];
  const zeros = z.int().min(0).max(16_384);
  return [zeros.parse(start), zeros.parse(end ?? start)];
}

function unsupportedPadding(): UnknownModelError {
  return new UnknownModelError(
    "It has a ZeroPadding1D layer whose zeros can't be part of one convolution behind it, which Ectopy does not support.",
  );
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

interface GivenInput {
  name: string;
  /** With the batch. */
  shape: unknown;
}

/** Returns the layers of a model in one list, without its inputs, and these. */
function flatten(model: unknown): { layers: FlatLayer[]; inputs: GivenInput[] } {
  const layers: FlatLayer[] = [];
  const inputs: GivenInput[] = [];
  let firstShape: unknown;
  /** @returns number of the layer that gives the model's output */
  const add = (given: unknown, input: number, outer: string | null, depth: number): number => {
    if (depth > MAX_NESTED_MODELS) throw new UnknownModelError("It has models inside models inside models.");
    const { class_name: kind, config } = modelSchema.parse(given);
    const isSequential = kind === "Sequential";
    if (!isSequential && !["Functional", "Model"].includes(kind)) {
      throw new UnknownModelError(`It is a ${kind}, neither a functional nor a sequential model.`);
    }
    const listed = Array.isArray(config) ? config : config.layers;
    const numbers = new Map<string, number>();
    let last = input;
    for (const layer of listed) {
      const name = nameOf(layer);
      if (numbers.has(name)) throw new UnknownModelError("Two of its layers have the same name.");
      const shape = Array.isArray(layer.config)
        ? undefined
        : (layer.config["batch_shape"] ?? layer.config["batch_input_shape"]);
      firstShape ??= shape;
      if (layer.class_name === "InputLayer") {
        if (depth > 0 || isSequential) {
          if (last !== input) throw new UnknownModelError("It has more than one input.");
          numbers.set(name, input);
        } else {
          numbers.set(name, -1 - inputs.length);
          inputs.push({ name, shape });
        }
        continue;
      }
      const isInner = ["Sequential", "Functional", "Model"].includes(layer.class_name);
      const from = isSequential ? [last] : inboundOf(layer).map((each) => numberOf(numbers, each));
      if (isInner) {
        if (from.length !== 1) throw new UnknownModelError(`Its ${layer.class_name} has more than one input.`);
        last = add(layer, from[0], outer ?? name, depth + 1);
      } else {
        const settings = settingsSchema.parse(layer.config);
        layers.push({ className: layer.class_name, config: settings, name, outer: outer ?? name, inputs: from });
        last = layers.length - 1;
      }
      numbers.set(name, last);
    }
    return last;
  };
  add(model, -1, null, 0);
  if (layers.length === 0) throw new UnknownModelError("It has no layers.");
  // A sequential model may have its input's shape at its first layer.
  return { layers, inputs: inputs.length > 0 ? inputs : [{ name: INPUT_ID, shape: firstShape }] };
}

function numberOf(numbers: ReadonlyMap<string, number>, name: string): number {
  const number = numbers.get(name);
  if (number !== undefined) return number;
  throw new UnknownModelError(`A layer has the input “${name}”, which is a later layer or does not exist.`);
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

function nameOf({ name, config }: z.infer<typeof layerSchema>): string {
  return name ?? (Array.isArray(config) ? "model" : z.string().parse(config["name"]));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

const kerasTensor = z.object({ config: z.object({ keras_history: z.tuple([z.string()], z.unknown()) }) });

/** Returns the names of a layer's inputs: Keras 2 has lists, Keras 3 arguments. */
function inboundOf({ inbound_nodes: [node, ...rest], class_name }: z.infer<typeof layerSchema>): string[] {
  if (node === undefined || rest.length > 0) throw new UnknownModelError(`A ${class_name} is used more than once.`);
  if (Array.isArray(node)) return node.map((entry) => z.tuple([z.string()], z.unknown()).parse(entry)[0]);
  const { args } = z.object({ args: z.array(z.unknown()) }).parse(node);
  const given = Array.isArray(args[0]) ? (args[0] as unknown[]) : args.slice(0, 1);
  return given.map((argument) => kerasTensor.parse(argument).config.keras_history[0]);
}

/** Returns the weights of a layer's parts, by id. @param given in the order of `roles` */
export function weightsOfSource({ ids, weights }: WeightSource, given: readonly Weight[]): [string, Weight[]][] {
  return weights(given).flatMap((of, i): [string, Weight[]][] => (of.length === 0 ? [] : [[ids[i], of]]));
}
