/** Adds activations to a program, within other layers and as layers (plan-layers.ts). */
import { activations, type Activation } from "../../contract/domain/networks.ts";
import { gradientOf, handGradient, output, type LayerPlanning, type Value } from "./plan-value.ts";
import type { BufferIndex } from "./program-builder.ts";

/** Returns which value the gradient of an activation needs. */
export function keptOf(activation: Activation): "input" | "output" {
  return activation === "gelu" || activation === "swish" ? "input" : "output";
}

export const codeOf = (activation: Activation): number => activations.indexOf(activation);

/** Makes d, a gradient by an activation's output, the gradient by its input. */
export function throughActivation(planning: LayerPlanning, of: Activation, kept: BufferIndex, d: BufferIndex): void {
  if (of === "linear") return;
  if (of === "relu") guide(planning, d);
  const { program } = planning;
  program.call("activation-gradient", { kept, d, count: program.sizeOf(d), activation: codeOf(of) });
}

/** Sets negative gradients to 0 in guided backpropagation (Springenberg et al. 2015). */
export function guide({ program, guided }: LayerPlanning, d: BufferIndex): void {
  if (guided) program.call("activation", { x: d, y: d, count: program.sizeOf(d), activation: codeOf("relu") });
}

/** Adds y = activation(x). */
export function activate({ program }: LayerPlanning, of: Activation, x: BufferIndex, y: BufferIndex): void {
  program.call("activation", { x, y, count: program.sizeOf(y), activation: codeOf(of) });
}

/** Adds an activation layer. */
export function activation(planning: LayerPlanning, x: Value, of: Activation): Value {
  if (of === "linear") return x;
  const y = output(planning, x.shape, x);
  activate(planning, of, x.buffer, y.buffer);
  planning.backward(() => {
    if (!x.needsGradient) return;
    const d = gradientOf(y);
    throughActivation(planning, of, keptOf(of) === "input" ? x.buffer : y.buffer, d);
    handGradient(planning, x, d);
  });
  return y;
}

/** Adds a leaky ReLU. @param slope below 0 */
export function leakyRelu(planning: LayerPlanning, x: Value, slope: number): Value {
  const { program } = planning;
  const y = output(planning, x.shape, x);
  const count = program.sizeOf(y.buffer);
  program.call("leaky-relu", { x: x.buffer, y: y.buffer, count, slope });
  planning.backward(() => {
    if (!x.needsGradient) return;
    const d = gradientOf(y);
    guide(planning, d);
    // The output has the sign of the input.
    program.call("leaky-relu-gradient", { kept: y.buffer, d, count, slope });
    handGradient(planning, x, d);
  });
  return y;
}
