/**
 * LSTM and GRU layers, forward. A workgroup has some rows of the batch, and goes through many steps in one dispatch: its
 * threads share the hidden state, and each computes all gates of its units. Rows know nothing of one another.
 *
 * `gates` and `cells` are kept as [time, batch, 4, units] and [time, batch, units]; the backward pass (recurrent-gradient.ts)
 * replaces the gates by their gradients.
 */
import { EXPONENTIALS } from "./activations.ts";
import type { DispatchList, Slot } from "./dispatch-list.ts";
import type { GpuKernels } from "./kernel-types.ts";
import { GRU, LSTM, type Cell } from "./recurrent-cells.ts";

const MAX_THREADS = 256;
/** Rows of a workgroup at most. */
const MAX_ROWS = 4;
/** Values of each row that a workgroup shares at once. */
export const CHUNK = 256;

/**
 * Dispatches of a layer at most, and steps of a dispatch at least. A dispatch of a whole sequence could take longer than
 * the two seconds after which Windows resets a GPU.
 */
const MAX_PIECES = 16;
const MIN_STEPS = 10;

/** Returns the steps of each dispatch, the first ones first. */
export function piecesOf(time: number): { begin: number; end: number }[] {
  const steps = Math.max(MIN_STEPS, Math.ceil(time / MAX_PIECES));
  return Array.from({ length: Math.ceil(time / steps) }, (_, i) => ({
    begin: i * steps,
    end: Math.min(time, (i + 1) * steps),
  }));
}

export interface Workgroups {
  /** Rows of each. */
  rows: number;
  threads: number;
  count: number;
}

/** Divides rows and units. It depends on the shape alone. */
export function workgroupsOf(batch: number, units: number): Workgroups {
  const rows = Math.min(MAX_ROWS, Math.ceil(batch / 4));
  const threads = Math.min(MAX_THREADS, Math.max(32, 2 ** Math.ceil(Math.log2(units))));
  return { rows, threads, count: Math.ceil(batch / rows) };
}

/** Returns statements that empty `sums`: a declaration in a loop does not on every device. */
export function zeros({ rows }: Workgroups, zero: string): string {
  return Array.from({ length: rows }, (_, r) => `sums[${r}] = ${zero};`).join(" ");
}

/**
 * Returns statements that add products to `sums`, one vec4f for each row: all threads share chunks of the rows' values.
 * @param value WGSL of the value at `row` (below n.batch) and `k`
 * @param weights WGSL of the weights of `unit` at `k` as a vec4f
 */
export function addProducts(
  { rows, threads }: Workgroups,
  { depth, value, weights }: { depth: string; value: string; weights: string },
): string {
  return `for (var base = 0u; base < ${depth}; base += ${CHUNK}u) {
        workgroupBarrier();
        let size = min(${CHUNK}u, ${depth} - base);
        for (var i = thread; i < size * ${rows}u; i += ${threads}u) {
          let row = first_row + i / size;
          let k = base + i % size;
          var value = 0.0;
          if (row < n.batch) { value = ${value}; }
          shared_values[i / size * ${CHUNK}u + i % size] = value;
        }
        workgroupBarrier();
        if (unit < n.units) {
          for (var j = 0u; j < size; j++) {
            let k = base + j;
            let w = ${weights};
            ${Array.from({ length: rows }, (_, r) => `sums[${r}] += shared_values[${r * CHUNK}u + j] * w;`).join("\n            ")}
          }
        }
      }`;
}

/** Returns the weights of a unit at `k`, in the order of a cell's sums. */
function weightsOf(buffer: string, { columns }: Cell, ofSums: readonly (number | null)[]): string {
  const each = ofSums.map((column) =>
    column === null ? "0.0" : `${buffer}_at((k * ${columns}u + ${column}u) * n.units + unit)`,
  );
  return `vec4f(${each.join(", ")})`;
}

interface Forward {
  x: Slot;
  kernel: Slot;
  recurrentKernel: Slot;
  bias: Slot;
  sequence: Slot | null;
  last: Slot;
  gates: Slot | null;
  cells: Slot | null;
  time: number;
  batch: number;
  in: number;
  units: number;
}

function forward(cell: Cell, args: Forward, list: DispatchList): void {
  const { x, kernel, recurrentKernel, bias, last, gates, time, batch, in: inputs, units } = args;
  const groups = workgroupsOf(batch, units);
  // Without a kept sequence, two steps in turn; without kept cells, each unit's state in one position.
  const sequence = args.sequence ?? list.workspace(2 * batch * units);
  const steps = args.sequence === null ? "% 2u" : "";
  const cells = cell.hasState ? (args.cells ?? list.workspace(batch * units)) : null;
  const cellOf = (t: string): string => `(${args.cells === null ? "" : `${t} * n.batch + `}row) * n.units + unit`;
  const hiddenOf = (t: string, unit: string): string => `(${t} ${steps} * n.batch + row) * n.units + ${unit}`;
  const before = cell.hasState ? `cells_at(${cellOf("t_before")})` : `sequence_at(${hiddenOf("t_before", "unit")})`;
  const code = `${EXPONENTIALS}
var<workgroup> shared_values: array<f32, ${groups.rows * CHUNK}>;

@compute @workgroup_size(${groups.threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first_row = group.x * ${groups.rows}u;
  for (var t = n.begin; t < n.end; t++) {
    let t_before = max(t, 1u) - 1u;
    for (var first_unit = 0u; first_unit < n.units; first_unit += ${groups.threads}u) {
      let unit = first_unit + thread;
      var sums: array<vec4f, ${groups.rows}>;
      ${zeros(groups, "vec4f()")}
      ${addProducts(groups, {
        depth: "n.inputs",
        value: "x_at((t * n.batch + row) * n.inputs + k)",
        weights: weightsOf("kernel", cell, cell.inputColumns),
      })}
      if (t > 0u) {
      ${addProducts(groups, {
        depth: "n.units",
        value: `sequence_at(${hiddenOf("t_before", "k")})`,
        weights: weightsOf("recurrent_kernel", cell, cell.hiddenColumns),
      })}
      }
      for (var r = 0u; r < ${groups.rows}u; r++) {
        let row = first_row + r;
        if (unit >= n.units || row >= n.batch) { continue; }
        var gate = sums[r] + vec4f(${cell.bias.join(", ")});
        var before = 0.0;
        if (t > 0u) { before = ${before}; }
        ${cell.forward}
        ${cell.hasState ? `set_cells(${cellOf("t")}, before);` : ""}
        set_sequence(${hiddenOf("t", "unit")}, hidden);
        if (t + 1u == n.time) { set_last(row * n.units + unit, hidden); }
        ${
          gates === null
            ? ""
            : `for (var g = 0u; g < 4u; g++) { set_gates(((t * n.batch + row) * 4u + g) * n.units + unit, gate[g]); }`
        }
      }
    }
    storageBarrier();
    workgroupBarrier();
  }
}`;
  for (const { begin, end } of piecesOf(time)) {
    list.add({
      buffers: { x, kernel, recurrent_kernel: recurrentKernel, bias, sequence, last, gates, cells },
      integers: { begin, end, time, batch, inputs, units },
      code,
      grid: [groups.count, 1, 1],
    });
  }
}

export const recurrentKernels: Pick<GpuKernels, "lstm" | "gru"> = {
  lstm: (args, list) => forward(LSTM, args, list),
  gru: (args, list) => forward(GRU, args, list),
};
