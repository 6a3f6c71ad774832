/** Kernels that compute each value alone, or move values. */
import type { DispatchList, DispatchSpec } from "./dispatch-list.ts";
import type { GpuKernels } from "./kernel-types.ts";
import { ACTIVATIONS, activated, activationGradient } from "./activations.ts";

const THREADS = 256;
/** Workgroups at most: threads take further values in turn. */
const MAX_GROUPS = 4096;

/** Adds a dispatch that executes `body` for each `i` below `count`. */
export function forEach(
  list: DispatchList,
  count: number,
  { integers, code = "", body, ...spec }: Omit<DispatchSpec, "code" | "grid"> & { code?: string; body: string },
): void {
  list.add({
    ...spec,
    integers: { ...integers, count },
    grid: [Math.min(MAX_GROUPS, Math.ceil(count / THREADS)), 1, 1],
    code: `${code}
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < n.count; i += groups.x * ${THREADS}u) {
    ${body}
  }
}`,
  });
}

export const elementwiseKernels: Pick<
  GpuKernels,
  | "activation"
  | "activation-gradient"
  | "leaky-relu"
  | "leaky-relu-gradient"
  | "swap-axes"
  | "reverse"
  | "copy-columns"
  | "pad-rows"
  | "add"
  | "scale"
  | "multiply"
  | "multiply-channels"
> = {
  activation: ({ x, y, count, activation }, list) => {
    forEach(list, count, {
      buffers: { x, y },
      code: ACTIVATIONS,
      body: `set_y(i, ${activated(activation, "x_at(i)")});`,
    });
  },
  "activation-gradient": ({ kept, d, count, activation }, list) => {
    forEach(list, count, {
      buffers: { kept, d },
      code: ACTIVATIONS,
      body: `set_d(i, ${activationGradient(activation, "d_at(i)", "kept_at(i)")});`,
    });
  },
  "leaky-relu": ({ x, y, count, slope }, list) => {
    forEach(list, count, {
      buffers: { x, y },
      reals: { slope },
      body: "let value = x_at(i); set_y(i, select(value, value * n.slope, value < 0.0));",
    });
  },
  "leaky-relu-gradient": ({ kept, d, count, slope }, list) => {
    forEach(list, count, {
      buffers: { kept, d },
      reals: { slope },
      body: "set_d(i, select(d_at(i) * n.slope, d_at(i), kept_at(i) > 0.0));",
    });
  },
  "swap-axes": ({ x, y, first, second, channels }, list) => {
    forEach(list, first * second * channels, {
      buffers: { x, y },
      integers: { first, second, channels },
      body: `let channel = i % n.channels;
    let row = i / n.channels;
    set_y(i, x_at(((row % n.first) * n.second + row / n.first) * n.channels + channel));`,
    });
  },
  reverse: ({ x, y, outer, time, inner }, list) => {
    forEach(list, outer * time * inner, {
      buffers: { x, y },
      integers: { time, inner },
      body: `let row = i / n.inner;
    let source = (row / n.time) * n.time + n.time - 1u - row % n.time;
    set_y(i, x_at(source * n.inner + i % n.inner));`,
    });
  },
  "copy-columns": ({ x, y, rows, xColumns, from, yColumns, to, count }, list) => {
    forEach(list, rows * count, {
      buffers: { x, y },
      integers: { x_columns: xColumns, x_first: from, y_columns: yColumns, y_first: to, copied: count },
      body: `let row = i / n.copied;
    let column = i % n.copied;
    set_y(row * n.y_columns + n.y_first + column, x_at(row * n.x_columns + n.x_first + column));`,
    });
  },
  "pad-rows": ({ x, y, rows, xColumns, yColumns, to }, list) => {
    forEach(list, rows * yColumns, {
      buffers: { x, y },
      integers: { x_columns: xColumns, y_columns: yColumns, y_first: to },
      // Before the first column of x, the difference wraps.
      body: `let column = i % n.y_columns - n.y_first;
    var value = 0.0;
    if (column < n.x_columns) { value = x_at(i / n.y_columns * n.x_columns + column); }
    set_y(i, value);`,
    });
  },
  add: ({ a, b, y, count, factor }, list) => {
    forEach(list, count, {
      buffers: { a, b, y },
      reals: { factor },
      body: "set_y(i, (a_at(i) + b_at(i)) * n.factor);",
    });
  },
  scale: ({ x, y, count, factor }, list) => {
    forEach(list, count, { buffers: { x, y }, reals: { factor }, body: "set_y(i, x_at(i) * n.factor);" });
  },
  multiply: ({ a, b, y, count }, list) => {
    forEach(list, count, { buffers: { a, b, y }, body: "set_y(i, a_at(i) * b_at(i));" });
  },
  "multiply-channels": ({ x, mask, y, batch, time, channels }, list) => {
    forEach(list, batch * time * channels, {
      buffers: { x, mask, y },
      integers: { time, channels },
      body: "set_y(i, x_at(i) * mask_at(i / n.channels / n.time * n.channels + i % n.channels));",
    });
  },
};
