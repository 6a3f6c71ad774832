/** Adds the layers of a network to a program: what training, prediction and explanation share. */
import type { LayerSpec, NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import { BATCH_FIRST, sequenceLayouts } from "../networks/sequence-layouts.ts";
import { consumersOf, inputsOf, inputsWithShapes, outputLayer } from "../networks/wiring.ts";
import { planLayer } from "./plan-layers.ts";
import { constantOf } from "./plan-optimizer.ts";
import type { LayerPlanning, PoolingSpec, Value, WeightBuffers } from "./plan-value.ts";
import type { StateLayout } from "./plan.ts";
import type { BufferIndex, ProgramBuilder } from "./program-builder.ts";
import type { StateSettings } from "./state-layout.ts";

/** Adds a buffer for each input that the network uses. */
export function addInputs(
  program: ProgramBuilder,
  { network, shape }: Pick<StateSettings, "network" | "shape">,
  batch: number,
): BufferIndex[] {
  return inputsWithShapes(network, shape).map(({ id, size }) => program.add(id, batch * size, "feed"));
}

/** What a program computes beside the outputs of the layers. */
export type Purpose = "prediction" | "training" | "explanation" | "guided explanation";

export interface NetworkPlanning {
  purpose: Purpose;
  shape: NetworkShape;
  batch: number;
  state: StateLayout;
  /** Buffers of the inputs that the network uses. */
  inputs: readonly BufferIndex[];
  numbers: BufferIndex | null;
  /** Receives the backward calls of each layer; a prediction has none. */
  onBackward: (layer: string, calls: () => void) => void;
}

export interface PlannedNetwork {
  logits: Value;
  /** Output of each layer and input, by its id. */
  outputs: ReadonlyMap<string, Value>;
}

/** Adds all layers' forward calls. */
export function planNetwork(program: ProgramBuilder, network: NetworkSpec, planning: NetworkPlanning): PlannedNetwork {
  const { purpose, shape, batch, state, inputs: given, numbers, onBackward } = planning;
  const explains = purpose === "explanation" || purpose === "guided explanation";
  const backpropagates = purpose !== "prediction";
  const layouts = sequenceLayouts(network);
  // An explanation goes back through the moving statistics, for which no kernel exists that pools too.
  const poolings = explains ? new Map<string, PoolingSpec>() : poolingsWithNormalization(network);
  const pooled = new Set([...poolings.values()].map(({ id }) => id));
  const outputs = new Map<string, Value>();
  inputsWithShapes(network, shape).forEach(({ id, shape: of }, i) => {
    outputs.set(id, { buffer: given[i], shape: of, layout: "batch-first", needsGradient: explains, gradient: null });
  });
  let dropouts = 0;
  const addLayer = (layer: LayerSpec, inputs: readonly Value[]): Value => {
    program.layer = layer.id;
    const layerPlanning: LayerPlanning = {
      program,
      batch,
      training: purpose === "training",
      backpropagates,
      guided: purpose === "guided explanation",
      weight: weightBuffers(program, state, layer.id, backpropagates),
      zeros: constantOf(program, state, "zeros"),
      numbers,
      dropoutNumber: drawsNumbers(layer) ? dropouts++ : 0,
      layout: layouts.get(layer.id) ?? BATCH_FIRST,
      pooling: poolings.get(layer.id) ?? null,
      backward: (calls) => backpropagates && onBackward(layer.id, calls),
    };
    return planLayer(layerPlanning, layer, inputs);
  };
  network.layers.forEach((layer, i) => {
    const inputs = inputsOf(network.layers, i).map((id) => outputs.get(id)!);
    // Computed by the normalization before it.
    outputs.set(layer.id, pooled.has(layer.id) ? inputs[0] : addLayer(layer, inputs));
  });
  return { logits: addLayer(outputLayer(shape), [outputs.get(network.layers.at(-1)!.id)!]), outputs };
}

/** Returns whether a layer draws random numbers in training. */
function drawsNumbers({ kind }: LayerSpec): boolean {
  return kind === "dropout" || kind === "spatial-dropout-1d" || kind === "gaussian-noise";
}

function weightBuffers(
  program: ProgramBuilder,
  state: StateLayout,
  layer: string,
  backpropagates: boolean,
): LayerPlanning["weight"] {
  return (role, direction): WeightBuffers => {
    const weight = state.weights.find(
      (each) => each.layer === layer && each.role === role && each.direction === (direction ?? null),
    )!;
    const name = [layer, direction, role].filter((part) => part !== undefined).join("/");
    const value = program.state(name, weight.floats, weight.offset);
    if (!backpropagates || !weight.trainable) return { value, gradient: null };
    return { value, gradient: program.state(`${name}/gradient`, weight.floats, state.gradients + weight.offset) };
  };
}

/**
 * Returns the pooling layers that are computed together with the normalization before them, by its id: what is normalized
 * is then never written. Only where no other layer uses it, and where windows do not overlap.
 */
function poolingsWithNormalization({ layers }: NetworkSpec): Map<string, PoolingSpec> {
  const consumers = consumersOf(layers);
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  const found = new Map<string, PoolingSpec>();
  for (const { id, kind } of layers) {
    const [first, ...others] = consumers.get(id) ?? [];
    const next = byId.get(first);
    if (kind !== "batch-normalization" || others.length > 0 || next === undefined) continue;
    const pools =
      next.kind === "global-average-pooling-1d" ||
      (next.kind === "max-pooling-1d" && next.padding !== "same" && (next.strides ?? next.poolSize) === next.poolSize);
    if (pools) found.set(id, next);
  }
  return found;
}
