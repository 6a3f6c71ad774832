/**
 * Gradients of LSTM and GRU layers. The steps go backwards in pieces, as forward; they replace the kept gates by the
 * gradients of their sums, which nothing else reads. The gradients of the weights and of the input are matrix products
 * over all steps at once.
 */
import { EXPONENTIALS } from "./activations.ts";
import type { DispatchList, Slot } from "./dispatch-list.ts";
import { forEach } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";
import { product } from "./product.ts";
import { addProducts, CHUNK, piecesOf, workgroupsOf, zeros } from "./recurrent.ts";
import { GRU, LSTM, type Cell } from "./recurrent-cells.ts";

interface Backward {
  x: Slot;
  kernel: Slot;
  recurrentKernel: Slot;
  sequence: Slot;
  gates: Slot;
  cells: Slot | null;
  dSequence: Slot | null;
  dLast: Slot | null;
  dx: Slot | null;
  dKernel: Slot;
  dRecurrentKernel: Slot;
  dBias: Slot;
  time: number;
  batch: number;
  in: number;
  units: number;
}

function backward(cell: Cell, args: Backward, list: DispatchList): void {
  const { kernel, gates, dx, time, batch, in: inputs, units } = args;
  throughTime(cell, args, list);
  weightGradients(cell, args, list);
  if (dx === null) return;
  product(list, {
    rows: time * batch,
    columns: inputs,
    depth: cell.columns * units,
    buffers: { gates, kernel, dx },
    integers: { units },
    left: "return gates_at(row * 4u * n.units + k);",
    right: "return kernel_at(column * n.depth + k);",
    rightByK: true,
    store: "set_dx(row * n.columns + column, value);",
  });
}

/** Adds the steps, the last ones first. */
function throughTime(cell: Cell, args: Backward, list: DispatchList): void {
  const { recurrentKernel, sequence, gates, cells, dSequence, dLast, time, batch, units } = args;
  const groups = workgroupsOf(batch, units);
  const dHidden = list.workspace(batch * units);
  const dState = cell.hasState ? list.workspace(batch * units) : null;
  // Transposed, so that neighbouring threads read neighbouring weights: [columns, units, units].
  const turned = list.workspace(cell.columns * units * units);
  forEach(list, cell.columns * units * units, {
    buffers: { recurrent_kernel: recurrentKernel, turned },
    integers: { units, columns: cell.columns * units },
    body: "set_turned(i, recurrent_kernel_at(i % n.units * n.columns + i / n.units));",
  });
  const before = cell.hasState ? "cells" : "sequence";
  // Position of a kernel's column among the kept gates: the recurrent part of a GRU's candidate is the fourth.
  const gateOf = cell.columns === 4 ? "k / n.units" : "select(k / n.units, 3u, k / n.units == 2u)";
  const code = `${EXPONENTIALS}
var<workgroup> shared_values: array<f32, ${groups.rows * CHUNK}>;

@compute @workgroup_size(${groups.threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first_row = group.x * ${groups.rows}u;
  for (var t = n.end - 1u; ; t--) {
    for (var unit = thread; unit < n.units; unit += ${groups.threads}u) {
      for (var r = 0u; r < ${groups.rows}u; r++) {
        let row = first_row + r;
        if (row >= n.batch) { break; }
        let at = row * n.units + unit;
        var dh = 0.0;
        ${cell.hasState ? "var ds = 0.0;" : ""}
        if (t + 1u < n.time) {
          dh = d_hidden_at(at);
          ${cell.hasState ? "ds = d_state_at(at);" : ""}
        }${dLast === null ? "" : " else { dh = d_last_at(at); }"}
        ${dSequence === null ? "" : "dh += d_sequence_at(t * n.batch * n.units + at);"}
        var gate: vec4f;
        for (var g = 0u; g < 4u; g++) { gate[g] = gates_at(((t * n.batch + row) * 4u + g) * n.units + unit); }
        ${cell.hasState ? "let state = cells_at(t * n.batch * n.units + at);" : ""}
        var before = 0.0;
        if (t > 0u) { before = ${before}_at((t - 1u) * n.batch * n.units + at); }
        ${cell.backward}
        for (var g = 0u; g < 4u; g++) { set_gates(((t * n.batch + row) * 4u + g) * n.units + unit, d[g]); }
        set_d_hidden(at, dh);
        ${cell.hasState ? "set_d_state(at, ds);" : ""}
      }
    }
    storageBarrier();
    workgroupBarrier();
    if (t > 0u) {
      for (var first_unit = 0u; first_unit < n.units; first_unit += ${groups.threads}u) {
        let unit = first_unit + thread;
        var sums: array<f32, ${groups.rows}>;
        ${zeros(groups, "0.0")}
        ${addProducts(groups, {
          depth: `${cell.columns}u * n.units`,
          value: `gates_at(((t * n.batch + row) * 4u + ${gateOf}) * n.units + k % n.units)`,
          weights: "turned_at(k * n.units + unit)",
        })}
        for (var r = 0u; r < ${groups.rows}u; r++) {
          let row = first_row + r;
          if (unit >= n.units || row >= n.batch) { continue; }
          set_d_hidden(row * n.units + unit, d_hidden_at(row * n.units + unit) + sums[r]);
        }
      }
    }
    if (t == n.begin) { break; }
  }
}`;
  for (const { begin, end } of piecesOf(time).reverse()) {
    list.add({
      buffers: {
        sequence: cell.hasState ? null : sequence,
        gates,
        cells,
        d_sequence: dSequence,
        d_last: dLast,
        d_hidden: dHidden,
        d_state: dState,
        turned,
      },
      integers: { begin, end, time, batch, units },
      code,
      grid: [groups.count, 1, 1],
    });
  }
}

/** Adds one product for the gradients of both kernels and of the bias. */
function weightGradients(cell: Cell, args: Backward, list: DispatchList): void {
  const { x, sequence, gates, dKernel, dRecurrentKernel, dBias, time, batch, in: inputs, units } = args;
  const columns = cell.columns * units;
  const rest = {
    buffers: { x, sequence, gates, d_kernel: dKernel, d_recurrent_kernel: dRecurrentKernel, d_bias: dBias },
    integers: { inputs, units, batch },
    depth: time * batch,
    leftByRows: true,
    split: true,
  };
  // Rows: the input, 1 for the bias, and the hidden state of the step before.
  const left = `if (row < n.inputs) { return x_at(k * n.inputs + row); }
  if (row == n.inputs) { return 1.0; }
  if (k < n.batch) { return 0.0; }
  return sequence_at((k - n.batch) * n.units + row - n.inputs - 1u);`;
  if (cell.columns === 4) {
    product(list, {
      ...rest,
      rows: inputs + 1 + units,
      columns,
      left,
      right: "return gates_at(k * 4u * n.units + column);",
      store: `if (row < n.inputs) { set_d_kernel(row * n.columns + column, value); }
  else if (row == n.inputs) { set_d_bias(column, value); }
  else { set_d_recurrent_kernel((row - n.inputs - 1u) * n.columns + column, value); }`,
    });
    return;
  }
  // The candidate's two sums have different gradients: all four are multiplied, and each kernel takes its three.
  product(list, {
    ...rest,
    rows: inputs + 1 + units,
    columns: 4 * units,
    left,
    right: "return gates_at(k * n.columns + column);",
    store: `let gate = column / n.units;
  let width = 3u * n.units;
  let hidden_column = select(column, column - n.units, gate == 3u);
  if (row < n.inputs) {
    if (gate < 3u) { set_d_kernel(row * width + column, value); }
  } else if (row == n.inputs) {
    if (gate < 3u) { set_d_bias(column, value); }
    if (gate != 2u) { set_d_bias(width + hidden_column, value); }
  } else if (gate != 2u) {
    set_d_recurrent_kernel((row - n.inputs - 1u) * width + hidden_column, value);
  }`,
  });
}

export const recurrentGradientKernels: Pick<GpuKernels, "lstm-gradient" | "gru-gradient"> = {
  "lstm-gradient": (args, list) => backward(LSTM, args, list),
  "gru-gradient": (args, list) => backward(GRU, args, list),
};
