/**
 * Sums over rows: a workgroup takes some neighbouring columns, so that its threads read neighbouring values, and divides
 * the rows among lanes, whose sums are added in a fixed order.
 */
import type { DispatchList, Slot } from "./dispatch-list.ts";

export const GROUP_COLUMNS = 16;
const LANES = 16;

/** `lane`, `column`, and `sum_lanes(thread, value)`, which all threads of a workgroup must call. */
export const COLUMN_SUMS = `
const LANES = ${LANES}u;
const GROUP_COLUMNS = ${GROUP_COLUMNS}u;
var<workgroup> lane_values: array<f32, ${LANES * GROUP_COLUMNS}>;

fn sum_lanes(thread: u32, value: f32) -> f32 {
  lane_values[thread] = value;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half = half / 2u) {
    if (thread / GROUP_COLUMNS < half) { lane_values[thread] += lane_values[thread + half * GROUP_COLUMNS]; }
    workgroupBarrier();
  }
  let sum = lane_values[thread % GROUP_COLUMNS];
  workgroupBarrier();
  return sum;
}
`;

/** Returns an entry point with `group`, `thread`, `lane` and `column`. @param body all threads must reach its sums */
export function columnSumsMain(body: string): string {
  return `
@compute @workgroup_size(${LANES * GROUP_COLUMNS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let lane = thread / GROUP_COLUMNS;
  let column = group.x * GROUP_COLUMNS + thread % GROUP_COLUMNS;
  let inside = column < n.columns;
  ${body}
}`;
}

export const columnGroups = (columns: number): number => Math.ceil(columns / GROUP_COLUMNS);

/** Rows of a part of a sum, and parts at most. */
const PART_ROWS = 128;
const MAX_PARTS = 64;

export interface RowParts {
  parts: number;
  /** Rows of each part but the last. */
  rows: number;
}

/** Divides rows into parts for workgroups. It depends on their number alone, so that reruns give the same bits. */
export function rowParts(rows: number): RowParts {
  const size = Math.max(PART_ROWS, Math.ceil(rows / MAX_PARTS));
  return { parts: Math.ceil(rows / size), rows: size };
}

/**
 * Adds a dispatch that sums two values over rows, in parts. The result is [part, 2, columns].
 * @param terms statements that set `a` and `b` of `row` and `column`
 */
export function sumPairs(
  list: DispatchList,
  {
    rows,
    columns,
    buffers,
    integers,
    reals,
    code = "",
    terms,
  }: {
    rows: number;
    columns: number;
    buffers: Readonly<Record<string, Slot | null>>;
    integers?: Readonly<Record<string, number>>;
    reals?: Readonly<Record<string, number>>;
    code?: string;
    terms: string;
  },
): { sums: Slot; parts: number } {
  const { parts, rows: partRows } = rowParts(rows);
  const sums = list.workspace(parts * 2 * columns);
  list.add({
    buffers: { ...buffers, sums },
    integers: { ...integers, rows, columns, part_rows: partRows },
    ...(reals === undefined ? {} : { reals }),
    grid: [columnGroups(columns), parts, 1],
    code: `${COLUMN_SUMS}
${code}
${columnSumsMain(`let begin = group.y * n.part_rows;
  let end = min(begin + n.part_rows, n.rows);
  var total_a = 0.0;
  var total_b = 0.0;
  if (inside) {
    for (var row = begin + lane; row < end; row += LANES) {
      var a = 0.0;
      var b = 0.0;
      ${terms}
      total_a += a;
      total_b += b;
    }
  }
  let sum_a = sum_lanes(thread, total_a);
  let sum_b = sum_lanes(thread, total_b);
  if (inside && lane == 0u) {
    set_sums((group.y * 2u) * n.columns + column, sum_a);
    set_sums((group.y * 2u + 1u) * n.columns + column, sum_b);
  }`)}`,
  });
  return { sums, parts };
}
