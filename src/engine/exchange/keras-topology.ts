/**
 * Reads Keras' description of a model as one list of layers: functional or sequential, from Keras 2.0 to 3, with models
 * inside models.
 */
import { z } from "zod";
import { INPUT_ID } from "../../contract/domain/networks.ts";
import { snakeCase } from "./keras-archive-paths.ts";
import { UnknownModelError } from "./unknown-model-error.ts";

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
export interface FlatLayer {
  className: string;
  config: Record<string, unknown>;
  /** Name in its model. */
  name: string;
  /** Name of the outermost layer that holds it: an .h5 file lists weights by these. */
  outer: string;
  /** Its group in a .keras archive, below that of all layers: models inside models have such a group, too. */
  group: string;
  /** Numbers of earlier layers; −1 − k: the model's input k. */
  inputs: number[];
}

const MAX_NESTED_MODELS = 8;

/** Where a model lies in the file. */
interface Place {
  outer: string | null;
  /** Prefix of its layers' groups in a .keras archive. */
  group: string;
  depth: number;
}

/** Returns the function that names a model's groups: by class, with a number from the second one on. */
function groupNames(prefix: string): (className: string) => string {
  const counts = new Map<string, number>();
  return (className) => {
    const name = snakeCase(className);
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return `${prefix}${name}${before === 0 ? "" : `_${before}`}`;
  };
}

export interface GivenInput {
  name: string;
  /** With the batch. */
  shape: unknown;
}

/** Returns the layers of a model in one list, without its inputs, and these. */
export function flatten(model: unknown): { layers: FlatLayer[]; inputs: GivenInput[] } {
  const layers: FlatLayer[] = [];
  const inputs: GivenInput[] = [];
  let firstShape: unknown;
  /** @returns number of the layer that gives the model's output */
  const add = (given: unknown, input: number, { outer, group, depth }: Place): number => {
    if (depth > MAX_NESTED_MODELS) throw new UnknownModelError("It has models inside models inside models.");
    const { class_name: kind, config } = modelSchema.parse(given);
    const isSequential = kind === "Sequential";
    if (!isSequential && !["Functional", "Model"].includes(kind)) {
      throw new UnknownModelError(`It is a ${kind}, neither a functional nor a sequential model.`);
    }
    const listed = Array.isArray(config) ? config : config.layers;
    const numbers = new Map<string, number>();
    const groupOf = groupNames(group);
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
        const inside = { outer: outer ?? name, group: `${groupOf(layer.class_name)}/layers/`, depth: depth + 1 };
        last = add(layer, from[0], inside);
      } else {
        const settings = settingsSchema.parse(layer.config);
        const className = layer.class_name;
        const place = { name, outer: outer ?? name, group: groupOf(className) };
        layers.push({ className, config: settings, ...place, inputs: from });
        last = layers.length - 1;
      }
      numbers.set(name, last);
    }
    return last;
  };
  add(model, -1, { outer: null, group: "", depth: 0 });
  if (layers.length === 0) throw new UnknownModelError("It has no layers.");
  // A sequential model may have its input's shape at its first layer.
  return { layers, inputs: inputs.length > 0 ? inputs : [{ name: INPUT_ID, shape: firstShape }] };
}

function numberOf(numbers: ReadonlyMap<string, number>, name: string): number {
  const number = numbers.get(name);
  if (number !== undefined) return number;
  throw new UnknownModelError(`A layer has the input “${name}”, which is a later layer or does not exist.`);
}

function nameOf({ name, config }: z.infer<typeof layerSchema>): string {
  return name ?? (Array.isArray(config) ? "model" : z.string().parse(config["name"]));
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
