/**
 * Matrix products, of dense layers, convolutions and recurrent layers: a shader gets both factors from functions, so that
 * windows of a convolution are never copied. A workgroup computes a tile; each of its threads 4 × 4 values.
 */
import type { DispatchList, Slot } from "./dispatch-list.ts";
import { forEach } from "./elementwise.ts";

export interface ProductSpec {
  /** The product has `rows` × `columns` values, each a sum of `depth` terms. */
  rows: number;
  columns: number;
  depth: number;
  buffers: Readonly<Record<string, Slot | null>>;
  integers?: Readonly<Record<string, number>>;
  /** WGSL before the functions. */
  code?: string;
  /** Body of the function that returns the left factor at `row` and `k`. */
  left: string;
  /** Whether neighbouring rows, not neighbouring k, lie side by side in memory. */
  leftByRows?: boolean;
  /** Body of the function that returns the right factor at `k` and `column`. */
  right: string;
  rightByK?: boolean;
  /** Statements that store `value` at `row` and `column`. */
  store: string;
  /** Divides long sums among workgroups; their parts are added in order. */
  split?: boolean;
}

/** Terms that a workgroup fetches at once. */
const TILE_DEPTH = 16;
/** Terms of a part of a divided sum, at least. */
const PART_DEPTH = 128;
/** Workgroups from which on a GPU is busy: sums are not divided further. */
const ENOUGH_GROUPS = 256;

/**
 * Returns statements that store the gradients of a kernel and, where there is one, of its bias.
 * @param rows uniform with the number of the bias's row
 */
export function storeWeights(rows: string, bias: Slot | null): string {
  const kernel = "set_d_kernel(row * n.columns + column, value);";
  return bias === null ? kernel : `if (row == n.${rows}) { set_d_bias(column, value); } else { ${kernel} }`;
}

export function product(list: DispatchList, spec: ProductSpec): void {
  const { rows, columns, depth, buffers, integers, code = "", left, right, store } = spec;
  const tileRows = rows >= 512 ? 64 : 32;
  const tileColumns = columns >= 64 ? 64 : 32;
  const [gridX, gridY] = [Math.ceil(columns / tileColumns), Math.ceil(rows / tileRows)];
  const parts = spec.split ? partsOf(depth, gridX * gridY) : 1;
  const partDepth = Math.ceil(depth / parts);
  const sizes = { rows, columns, depth, part_depth: partDepth };
  const storeFunction = `fn store(row: u32, column: u32, value: f32) { ${store} }`;
  const sums = parts > 1 ? list.workspace(parts * rows * columns) : null;
  list.add({
    buffers: { ...buffers, sums },
    integers: { ...integers, ...sizes },
    grid: [gridX, gridY, parts],
    code: `${code}
fn left(row: u32, k: u32) -> f32 { ${left} }
fn right(k: u32, column: u32) -> f32 { ${right} }
${sums === null ? storeFunction : ""}
${tiles(tileRows, tileColumns, spec)}
    ${sums === null ? "store(row, column, value);" : "set_sums((group.z * n.rows + row) * n.columns + column, value);"}
  }
}`,
  });
  if (sums === null) return;
  forEach(list, rows * columns, {
    buffers: { ...buffers, sums },
    integers: { ...integers, rows, columns, parts },
    code: `${code}
${storeFunction}`,
    body: `var total = 0.0;
    for (var part = 0u; part < n.parts; part++) { total += sums_at(part * n.rows * n.columns + i); }
    store(i / n.columns, i % n.columns, total);`,
  });
}

/** Returns the number of parts of a sum: it depends on the shape alone, so that reruns give the same bits. */
function partsOf(depth: number, groups: number): number {
  return Math.max(1, Math.min(Math.ceil(depth / PART_DEPTH), Math.floor(ENOUGH_GROUPS / groups)));
}

/** The entry point, up to the statement that stores `value`. */
function tiles(rows: number, columns: number, { leftByRows, rightByK }: ProductSpec): string {
  const threads = (rows / 4) * (columns / 4);
  const four = [0, 1, 2, 3];
  return `
const THREADS = ${threads}u;
const DEPTH = ${TILE_DEPTH}u;
const ROWS = ${rows}u;
const COLUMNS = ${columns}u;
var<workgroup> lefts: array<f32, ${rows * TILE_DEPTH}>;
var<workgroup> rights: array<f32, ${columns * TILE_DEPTH}>;

@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let first_row = group.y * ROWS;
  let first_column = group.x * COLUMNS;
  let begin = group.z * n.part_depth;
  let end = min(begin + n.part_depth, n.depth);
  let tile_row = thread / (COLUMNS / 4u) * 4u;
  let tile_column = thread % (COLUMNS / 4u) * 4u;
  ${four.map((i) => `var sum${i} = vec4f();`).join(" ")}
  for (var base = begin; base < end; base += DEPTH) {
    for (var i = thread; i < ROWS * DEPTH; i += THREADS) {
      let r = ${leftByRows ? "i % ROWS" : "i / DEPTH"};
      let k = ${leftByRows ? "i / ROWS" : "i % DEPTH"};
      var value = 0.0;
      if (first_row + r < n.rows && base + k < end) { value = left(first_row + r, base + k); }
      lefts[k * ROWS + r] = value;
    }
    for (var i = thread; i < COLUMNS * DEPTH; i += THREADS) {
      let c = ${rightByK ? "i / DEPTH" : "i % COLUMNS"};
      let k = ${rightByK ? "i % DEPTH" : "i / COLUMNS"};
      var value = 0.0;
      if (first_column + c < n.columns && base + k < end) { value = right(base + k, first_column + c); }
      rights[k * COLUMNS + c] = value;
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      let at = k * COLUMNS + tile_column;
      let b = vec4f(rights[at], rights[at + 1u], rights[at + 2u], rights[at + 3u]);
      let a = k * ROWS + tile_row;
      ${four.map((i) => `sum${i} += lefts[a + ${i}u] * b;`).join("\n      ")}
    }
    workgroupBarrier();
  }
  var sums = array<vec4f, 4>(${four.map((i) => `sum${i}`).join(", ")});
  for (var i = 0u; i < 16u; i++) {
    let row = first_row + tile_row + i / 4u;
    let column = first_column + tile_column + i % 4u;
    if (row >= n.rows || column >= n.columns) { continue; }
    let value = sums[i / 4u][i % 4u];`;
}
