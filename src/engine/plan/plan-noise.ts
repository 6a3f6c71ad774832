/** Adds normal noise to a program (plan-layers.ts). A prediction has none. */
import { gradientOf, handGradient, output, type LayerPlanning, type Value } from "./plan-value.ts";

export function gaussianNoise(planning: LayerPlanning, x: Value, deviation: number): Value {
  const { program, numbers, dropoutNumber: number, training } = planning;
  if (!training || deviation === 0) return x;
  const y = output(planning, x.shape, x);
  const count = program.sizeOf(y.buffer);
  program.call("gaussian-noise", { numbers: numbers!, x: x.buffer, y: y.buffer, count, number, deviation });
  planning.backward(() => {
    if (x.needsGradient) handGradient(planning, x, gradientOf(y));
  });
  return y;
}
