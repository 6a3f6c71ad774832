/**
 * Index for the search of nearest neighbours in a class: each beat in few coordinates, grouped into leaves.
 *
 * Denoised beats vary in few directions. In orthonormal coordinates, dropping coordinates can only shorten a distance.
 * So two dozen coordinates exclude nearly every pair, and never a true neighbour. The dropped coordinates give one more
 * bound: the lengths of two remainders differ by at most the remainders' distance.
 *
 * The leaves are those of a k-d tree (Friedman, Bentley & Finkel 1977) in one sequence; their bounding boxes exclude
 * whole leaves. The arrays are plain, so that they can be sent to other threads.
 */
import { principalAxes } from "./principal-axes.ts";

/** Coordinates of a beat: principal components, and the length of the remainder as the last one. */
export const COORDINATES = 24;
const COMPONENTS = COORDINATES - 1;
/** Coordinates of the bounding boxes: the first ones, which have the most variance. */
export const BOX_COORDINATES = 8;
/** Beats in a leaf; the last leaf may have fewer. */
export const LEAF_BEATS = 32;

/**
 * Returns the largest rounding error of a distance in coordinates, where the longest beat has the length `longest`.
 * Most of it comes from the remainders: roots of a difference of sums of squares, 2⁻⁵³ for each term, for two beats.
 * Doubling it covers the coordinates (2⁻⁵³ for each term, without the root) and the rounding of the orthonormal axes.
 */
function roundingSlack(longest: number, length: number): number {
  return longest * 4 * Math.sqrt((length + COORDINATES) * 2 ** -53);
}

export interface NeighbourPlan {
  /** Beats of the caller, rows of `length` samples; not copied. */
  values: Float32Array;
  length: number;
  /** Rows of the class in `values`, in the caller's order. */
  members: Uint32Array;
  /** Member at each position of the leaves. */
  order: Uint32Array;
  /** Position of each member: the inverse of `order`. */
  position: Uint32Array;
  /** Coordinates by position, {@link COORDINATES} each. */
  coordinates: Float64Array;
  /** For each leaf the minima, then the maxima of the first {@link BOX_COORDINATES} coordinates. */
  boxes: Float64Array;
  /** Rounding tolerance, as a distance. */
  slack: number;
}

/**
 * Builds the index of a class.
 * @param values rows of `length` samples, finite
 * @param members rows of `values` to search among, at least one
 * @throws RangeError for no members, or a sample that is not finite
 */
export function planNeighbours(values: Float32Array, length: number, members: Uint32Array): NeighbourPlan {
  if (members.length === 0) throw new RangeError("planNeighbours: no members");
  const { unordered, longest } = project(values, length, members);
  const order = Uint32Array.from(members, (_, i) => i);
  gatherLeaves(order, unordered, 0, order.length);

  const position = new Uint32Array(order.length);
  const coordinates = new Float64Array(unordered.length);
  for (let p = 0; p < order.length; p++) {
    const start = order[p] * COORDINATES;
    position[order[p]] = p;
    coordinates.set(unordered.subarray(start, start + COORDINATES), p * COORDINATES);
  }
  return {
    values,
    length,
    members,
    order,
    position,
    coordinates,
    boxes: drawBoxes(coordinates, order.length),
    slack: roundingSlack(longest, length),
  };
}

/** Returns the coordinates of every member, and the largest distance from the centre. */
function project(values: Float32Array, length: number, members: Uint32Array) {
  const { centre, axes } = principalAxes(values, length, members, COMPONENTS);
  const unordered = new Float64Array(members.length * COORDINATES);
  const row = new Float64Array(length);
  let longestSquared = 0;
  for (let m = 0; m < members.length; m++) {
    const start = members[m] * length;
    let squared = 0;
    for (let i = 0; i < length; i++) {
      const value = values[start + i] - centre[i];
      row[i] = value;
      squared += value * value;
    }
    if (!Number.isFinite(squared))
      throw new RangeError(`planNeighbours: row ${members[m]} has a value that is not finite`);
    longestSquared = Math.max(longestSquared, squared);
    let remainder = squared;
    for (let c = 0; c < COMPONENTS; c++) {
      const coordinate = dot(row, axes, c * length);
      unordered[m * COORDINATES + c] = coordinate;
      remainder -= coordinate * coordinate;
    }
    unordered[m * COORDINATES + COMPONENTS] = Math.sqrt(Math.max(0, remainder));
  }
  return { unordered, longest: Math.sqrt(longestSquared) };
}

/** Dot product in four independent sums: a single sum would wait for each addition. */
function dot(row: Float64Array, axes: Float64Array, start: number): number {
  const whole = row.length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += row[i] * axes[start + i];
    b += row[i + 1] * axes[start + i + 1];
    c += row[i + 2] * axes[start + i + 2];
    d += row[i + 3] * axes[start + i + 3];
  }
  for (let i = whole; i < row.length; i++) a += row[i] * axes[start + i];
  return a + b + (c + d);
}

/** Sorts `order[from…to)` along its widest coordinate and halves it at a whole leaf, down to one leaf. */
function gatherLeaves(order: Uint32Array, coordinates: Float64Array, from: number, to: number): void {
  if (to - from <= LEAF_BEATS) return;
  const along = widestCoordinate(order, coordinates, from, to);
  const key = (i: number): number => coordinates[i * COORDINATES + along];
  order.subarray(from, to).sort((i, j) => key(i) - key(j) || i - j);
  const middle = from + Math.ceil((to - from) / LEAF_BEATS / 2) * LEAF_BEATS;
  gatherLeaves(order, coordinates, from, middle);
  gatherLeaves(order, coordinates, middle, to);
}

function widestCoordinate(order: Uint32Array, coordinates: Float64Array, from: number, to: number): number {
  let widest = 0;
  let width = -1;
  for (let c = 0; c < BOX_COORDINATES; c++) {
    let lowest = Infinity;
    let highest = -Infinity;
    for (let p = from; p < to; p++) {
      const value = coordinates[order[p] * COORDINATES + c];
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
    if (highest - lowest > width) {
      width = highest - lowest;
      widest = c;
    }
  }
  return widest;
}

function drawBoxes(coordinates: Float64Array, rows: number): Float64Array {
  const leaves = Math.ceil(rows / LEAF_BEATS);
  const boxes = new Float64Array(leaves * 2 * BOX_COORDINATES);
  for (let leaf = 0; leaf < leaves; leaf++) {
    const box = leaf * 2 * BOX_COORDINATES;
    boxes.fill(Infinity, box, box + BOX_COORDINATES);
    boxes.fill(-Infinity, box + BOX_COORDINATES, box + 2 * BOX_COORDINATES);
    for (let p = leaf * LEAF_BEATS; p < Math.min(rows, (leaf + 1) * LEAF_BEATS); p++) {
      for (let c = 0; c < BOX_COORDINATES; c++) {
        const value = coordinates[p * COORDINATES + c];
        boxes[box + c] = Math.min(boxes[box + c], value);
        boxes[box + BOX_COORDINATES + c] = Math.max(boxes[box + BOX_COORDINATES + c], value);
      }
    }
  }
  return boxes;
}
