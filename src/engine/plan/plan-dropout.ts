/** Adds dropout to a program (plan-layers.ts). A prediction has none. */
import { gradientOf, giveGradient, handGradient, output, type LayerPlanning, type Value } from "./plan-value.ts";
import type { BufferIndex } from "./program-builder.ts";

/** Number of values from which drawing a mask twice takes less time than keeping it, and less memory. */
const LARGE_MASK_VALUES = 262_144;

/** Adds dropout of single values. */
export function dropout(planning: LayerPlanning, x: Value, rate: number): Value {
  const { program, numbers, dropoutNumber, training } = planning;
  if (!training || rate === 0) return x;
  const y = output(planning, x.shape, x);
  const count = program.sizeOf(y.buffer);
  const mask = count < LARGE_MASK_VALUES ? program.add(`${program.layer}/mask`, count) : null;
  const draw = (from: BufferIndex, to: BufferIndex, into: BufferIndex | null): void =>
    program.call("dropout", { numbers: numbers!, x: from, y: to, mask: into, count, number: dropoutNumber, rate });
  draw(x.buffer, y.buffer, mask);
  planning.backward(() => {
    if (!x.needsGradient) return;
    const d = gradientOf(y);
    if (mask === null) draw(d, d, null);
    else program.call("multiply", { a: d, b: mask, y: d, count });
    handGradient(planning, x, d);
  });
  return y;
}

/** Adds dropout of whole channels. The mask has a value for each beat and channel. */
export function spatialDropout(planning: LayerPlanning, x: Value, rate: number): Value {
  const { program, numbers, dropoutNumber, training, batch } = planning;
  if (!training || rate === 0) return x;
  const [time, channels] = x.shape;
  const y = output(planning, x.shape, x);
  const count = batch * channels;
  const mask = program.add(`${program.layer}/mask`, count);
  program.call("dropout-mask", { numbers: numbers!, mask, count, number: dropoutNumber, rate });
  const sizes = { batch, time, channels };
  program.call("multiply-channels", { x: x.buffer, mask, y: y.buffer, ...sizes });
  planning.backward(() => {
    if (!x.needsGradient) return;
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) => program.call("multiply-channels", { x: dy, mask, y: dx, ...sizes }));
  });
  return y;
}
