/** Adds layers with several inputs to a program (plan-layers.ts). */
import { gradientOf, giveGradient, output, type LayerPlanning, type Value } from "./plan-value.ts";

/** Adds a concatenation along the last axis. */
export function concatenate(planning: LayerPlanning, inputs: readonly Value[]): Value {
  const { program } = planning;
  const [first] = inputs;
  const yColumns = inputs.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
  const needsGradient = inputs.some((input) => input.needsGradient);
  const y = output(planning, [...first.shape.slice(0, -1), yColumns], { needsGradient, layout: first.layout });
  const rows = program.sizeOf(y.buffer) / yColumns;
  let column = 0;
  const places = inputs.map((input) => {
    const count = input.shape.at(-1)!;
    const place = { input, count, to: column };
    column += count;
    return place;
  });
  for (const { input, count, to } of places) {
    program.call("copy-columns", { x: input.buffer, y: y.buffer, rows, xColumns: count, from: 0, yColumns, to, count });
  }
  planning.backward(() => {
    for (const { input, count, to } of places) {
      if (!input.needsGradient) continue;
      const dy = gradientOf(y);
      giveGradient(planning, input, (dx) =>
        program.call("copy-columns", {
          x: dy,
          y: dx,
          rows,
          xColumns: yColumns,
          from: to,
          yColumns: count,
          to: 0,
          count,
        }),
      );
    }
  });
  return y;
}

/** Adds a sum. */
export function add(planning: LayerPlanning, inputs: readonly Value[]): Value {
  const { program } = planning;
  const [first, second, ...others] = inputs;
  const needsGradient = inputs.some((input) => input.needsGradient);
  const y = output(planning, first.shape, { needsGradient, layout: first.layout });
  const count = program.sizeOf(y.buffer);
  program.call("add", { a: first.buffer, b: second.buffer, y: y.buffer, count, factor: 1 });
  for (const { buffer } of others) program.call("add", { a: y.buffer, b: buffer, y: y.buffer, count, factor: 1 });
  planning.backward(() => {
    for (const input of inputs) {
      if (!input.needsGradient) continue;
      const dy = gradientOf(y);
      giveGradient(planning, input, (dx) => program.call("scale", { x: dy, y: dx, count, factor: 1 }));
    }
  });
  return y;
}
