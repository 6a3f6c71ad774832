/** Makes the plan of a network: the layout of its state, a program for each batch size, and one for predictions. */
import type { LayerSpec, NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import type { ClippingSettings, OptimizerSettings } from "../../contract/domain/optimization.ts";
import { weightsOf } from "../networks/layer-weights.ts";
import { BATCH_FIRST, sequenceLayouts } from "../networks/sequence-layouts.ts";
import { consumersOf, inputsOf, inputsWithShapes, outputLayer } from "../networks/wiring.ts";
import { planLayer } from "./plan-layers.ts";
import type { LayerPlanning, PoolingSpec, Value, WeightBuffers } from "./plan-value.ts";
import { slotsOf } from "./optimizer-values.ts";
import { CROSS_ENTROPY, type LossShape } from "../networks/loss-shape.ts";
import { constantOf, planClipping, planOptimizer } from "./plan-optimizer.ts";
import {
  aligned,
  STEP_NUMBERS,
  type Plan,
  type PredictionProgram,
  type StateLayout,
  type TrainingProgram,
} from "./plan.ts";
import { ProgramBuilder, type BufferIndex } from "./program-builder.ts";

export interface PlanSettings {
  network: NetworkSpec;
  shape: NetworkShape;
  /** Batch sizes of the training, in beats. */
  batches: readonly number[];
  /** Beats predicted at once. */
  predictedAtOnce: number;
  optimizer: OptimizerSettings;
  clipping: ClippingSettings;
  loss?: LossShape;
}

/** Makes a plan. @param settings with a sound network, see `describeNetwork` */
export function makePlan(settings: PlanSettings): Plan {
  const state = layOut(settings);
  return {
    state,
    training: [...new Set(settings.batches)].map((batch) => planTraining(settings, state, batch)),
    prediction: planPrediction(settings, state),
  };
}

/** Places weights, gradients, slots and constants: the trainable weights first, so that the optimizer is one call. */
function layOut({ network, shape, optimizer, clipping, loss = CROSS_ENTROPY }: PlanSettings): StateLayout {
  let end = 0;
  const place = (floats: number): number => {
    const offset = end;
    end += aligned(floats);
    return offset;
  };
  const all = weightsOf(network, shape).map((weight) => {
    const floats = weight.shape.reduce((a, b) => a * b, 1);
    return { ...weight, floats, offset: 0 };
  });
  for (const weight of all.filter(({ trainable }) => trainable)) weight.offset = place(weight.floats);
  const trainableFloats = end;
  const gradients = place(trainableFloats);
  const slots = slotsOf(optimizer).map((name) => ({ name, offset: place(trainableFloats) }));
  for (const weight of all.filter(({ trainable }) => !trainable)) weight.offset = place(weight.floats);
  const constants: StateLayout["constants"] = [];
  if (clipping.kind === "norm" || clipping.kind === "global-norm") {
    const values = Int32Array.from(
      all.filter(({ trainable }) => trainable).flatMap(({ offset, floats }) => [offset, floats]),
    );
    constants.push({ name: "segments", offset: place(values.length), values });
  }
  if (loss.adjustment !== null) {
    const values = new Int32Array(loss.adjustment.slice().buffer);
    constants.push({ name: "adjustment", offset: place(values.length), values });
  }
  return { floats: end, weights: all, trainableFloats, slots, gradients, constants };
}

function planTraining(settings: PlanSettings, state: StateLayout, batch: number): TrainingProgram {
  const { network, shape, optimizer, clipping, loss = CROSS_ENTROPY } = settings;
  const program = new ProgramBuilder();
  const feed = {
    inputs: addInputs(program, settings, batch),
    truth: program.add("classes", batch, "feed"),
    weights: program.add("beat weights", batch, "feed"),
    numbers: program.add("numbers", STEP_NUMBERS, "feed"),
    result: program.add("result", 2, "feed"),
  };
  const backward: { layer: string; calls: () => void }[] = [];
  const logits = planLayers(program, network, {
    shape,
    batch,
    state,
    inputs: feed.inputs,
    numbers: feed.numbers,
    onBackward: (layer, calls) => backward.push({ layer, calls }),
  });
  program.layer = "";
  const dLogits = program.add("logits/gradient", batch * shape.classes);
  program.call("cross-entropy", {
    logits: logits.buffer,
    truth: feed.truth,
    weights: feed.weights,
    dLogits,
    result: feed.result,
    adjustment: constantOf(program, state, "adjustment"),
    rows: batch,
    classes: shape.classes,
    smoothing: loss.labelSmoothing,
    focus: loss.focus,
  });
  logits.gradient = dLogits;
  for (const { layer, calls } of backward.reverse()) {
    program.layer = layer;
    calls();
  }
  program.layer = "";
  planClipping(program, clipping, state, feed.numbers);
  planOptimizer(program, optimizer, state, feed.numbers);
  const sizes = program.place();
  return { buffers: program.buffers, calls: program.calls, ...sizes, batch, ...feed };
}

function planPrediction(settings: PlanSettings, state: StateLayout): PredictionProgram {
  const { network, shape, predictedAtOnce: batch } = settings;
  const program = new ProgramBuilder();
  const inputs = addInputs(program, settings, batch);
  const probabilities = program.add("probabilities", batch * shape.classes, "feed");
  const logits = planLayers(program, network, { shape, batch, state, inputs, numbers: null, onBackward: null });
  program.layer = "";
  program.call("softmax", { logits: logits.buffer, y: probabilities, rows: batch, classes: shape.classes });
  const sizes = program.place();
  return { buffers: program.buffers, calls: program.calls, ...sizes, batch, inputs, probabilities };
}

/** Adds a buffer for each input that the network uses. */
function addInputs(
  program: ProgramBuilder,
  { network, shape }: Pick<PlanSettings, "network" | "shape">,
  batch: number,
): BufferIndex[] {
  return inputsWithShapes(network, shape).map(({ id, size }) => program.add(id, batch * size, "feed"));
}

interface LayersPlanning {
  shape: NetworkShape;
  batch: number;
  state: StateLayout;
  /** Buffers of the inputs that the network uses. */
  inputs: readonly BufferIndex[];
  numbers: BufferIndex | null;
  /** Receives the backward calls of each layer; null in a prediction. */
  onBackward: ((layer: string, calls: () => void) => void) | null;
}

/** Adds all layers' forward calls. @returns the logits */
function planLayers(program: ProgramBuilder, network: NetworkSpec, planning: LayersPlanning): Value {
  const { shape, batch, state, inputs: given, numbers, onBackward } = planning;
  const layouts = sequenceLayouts(network);
  const poolings = poolingsWithNormalization(network);
  const pooled = new Set([...poolings.values()].map(({ id }) => id));
  const outputs = new Map<string, Value>();
  inputsWithShapes(network, shape).forEach(({ id, shape: of }, i) => {
    outputs.set(id, { buffer: given[i], shape: of, layout: "batch-first", needsGradient: false, gradient: null });
  });
  let dropouts = 0;
  const addLayer = (layer: LayerSpec, inputs: readonly Value[]): Value => {
    program.layer = layer.id;
    const layerPlanning: LayerPlanning = {
      program,
      batch,
      training: onBackward !== null,
      weight: weightBuffers(program, state, layer.id, onBackward !== null),
      numbers,
      dropoutNumber: drawsNumbers(layer) ? dropouts++ : 0,
      layout: layouts.get(layer.id) ?? BATCH_FIRST,
      pooling: poolings.get(layer.id) ?? null,
      backward: (calls) => onBackward?.(layer.id, calls),
    };
    return planLayer(layerPlanning, layer, inputs);
  };
  network.layers.forEach((layer, i) => {
    const inputs = inputsOf(network.layers, i).map((id) => outputs.get(id)!);
    // Computed by the normalization before it.
    outputs.set(layer.id, pooled.has(layer.id) ? inputs[0] : addLayer(layer, inputs));
  });
  return addLayer(outputLayer(shape), [outputs.get(network.layers.at(-1)!.id)!]);
}

/** Returns whether a layer draws random numbers in training. */
function drawsNumbers({ kind }: LayerSpec): boolean {
  return kind === "dropout" || kind === "spatial-dropout-1d" || kind === "gaussian-noise";
}

function weightBuffers(
  program: ProgramBuilder,
  state: StateLayout,
  layer: string,
  training: boolean,
): LayerPlanning["weight"] {
  return (role, direction): WeightBuffers => {
    const weight = state.weights.find(
      (each) => each.layer === layer && each.role === role && each.direction === (direction ?? null),
    )!;
    const name = [layer, direction, role].filter((part) => part !== undefined).join("/");
    const value = program.state(name, weight.floats, weight.offset);
    if (!training || !weight.trainable) return { value, gradient: null };
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
