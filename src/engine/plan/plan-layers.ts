/**
 * Adds a layer to a program: its forward calls at once, and its backward calls as a function that runs after those of
 * all later layers.
 */
import { layerDefaults, type LayerSpec } from "../../contract/domain/networks.ts";
import { hasBias } from "../networks/bias.ts";
import { activate, activation, codeOf, keptOf, leakyRelu, throughActivation } from "./plan-activation.ts";
import { conv1d, zeroPadding } from "./plan-convolution.ts";
import { dropout, spatialDropout } from "./plan-dropout.ts";
import { add, concatenate } from "./plan-joins.ts";
import { normalizeLayer } from "./plan-layer-normalization.ts";
import { gaussianNoise } from "./plan-noise.ts";
import { normalizeRows, normalizeSequences } from "./plan-normalization.ts";
import { averagePool, globalAveragePool, globalMaxPool, maxPool } from "./plan-pooling.ts";
import { recurrent } from "./plan-recurrent.ts";
import {
  gradientOf,
  giveGradient,
  handGradient,
  output,
  sizeOf,
  type LayerPlanning,
  type Value,
} from "./plan-value.ts";

/** Adds a layer. @returns its output */
export function planLayer(planning: LayerPlanning, layer: LayerSpec, inputs: readonly Value[]): Value {
  const [x] = inputs;
  switch (layer.kind) {
    case "dense":
      return dense(planning, x, layer);
    case "conv1d":
      return conv1d(planning, x, layer);
    case "batch-normalization":
      return x.shape.length === 1 ? normalizeRows(planning, x) : normalizeSequences(planning, x);
    case "layer-normalization":
      return normalizeLayer(planning, x, layer.epsilon ?? layerDefaults.epsilon);
    case "activation":
      return activation(planning, x, layer.activation);
    case "leaky-relu":
      return leakyRelu(planning, x, layer.negativeSlope ?? layerDefaults.negativeSlope);
    case "dropout":
      return dropout(planning, x, layer.rate);
    case "gaussian-noise":
      return gaussianNoise(planning, x, layer.deviation);
    case "spatial-dropout-1d":
      return spatialDropout(planning, x, layer.rate);
    case "zero-padding-1d":
      return zeroPadding(planning, x, layer);
    case "max-pooling-1d":
      return maxPool(planning, x, layer);
    case "average-pooling-1d":
      return averagePool(planning, x, layer);
    case "global-max-pooling-1d":
      return globalMaxPool(planning, x);
    case "global-average-pooling-1d":
      return globalAveragePool(planning, x);
    case "flatten":
      return flatten(planning, x);
    case "lstm":
    case "gru":
    case "bidirectional":
      return recurrent(planning, x, layer);
    case "concatenate":
      return concatenate(planning, inputs);
    case "add":
      return add(planning, inputs);
  }
}

function dense(planning: LayerPlanning, x: Value, spec: Extract<LayerSpec, { kind: "dense" }>): Value {
  const { program, batch } = planning;
  const kernel = planning.weight("kernel");
  const bias = hasBias(spec) ? planning.weight("bias") : null;
  const width = x.shape.at(-1)!;
  const shape = [...x.shape.slice(0, -1), spec.units];
  const y = output(planning, shape, { needsGradient: true, layout: x.layout });
  const sizes = { rows: sizeOf({ batch }, x.shape) / width, in: width, out: spec.units };
  const fused = keptOf(spec.activation) === "output";
  const sum = fused ? y.buffer : program.add(`${program.layer}/sum`, program.sizeOf(y.buffer));
  program.call("dense", {
    x: x.buffer,
    kernel: kernel.value,
    bias: bias?.value ?? null,
    y: sum,
    ...sizes,
    activation: codeOf(fused ? spec.activation : "linear"),
  });
  if (!fused) activate(planning, spec.activation, sum, y.buffer);
  planning.backward(() => {
    const d = gradientOf(y);
    throughActivation(planning, spec.activation, fused ? y.buffer : sum, d);
    program.call("dense-weight-gradient", {
      x: x.buffer,
      d,
      dKernel: kernel.gradient!,
      dBias: bias?.gradient ?? null,
      ...sizes,
    });
    if (!x.needsGradient) return;
    giveGradient(planning, x, (dx) => program.call("dense-input-gradient", { d, kernel: kernel.value, dx, ...sizes }));
  });
  return y;
}

/** Changes the shape only. */
function flatten(planning: LayerPlanning, x: Value): Value {
  const size = x.shape.reduce((a, b) => a * b, 1);
  const y: Value = { ...x, shape: [size], gradient: null };
  planning.backward(() => {
    if (x.needsGradient) handGradient(planning, x, gradientOf(y));
  });
  return y;
}
