/**
 * SMOTE (Chawla, Bowyer, Hall & Kegelmeyer 2002) as a recipe: a synthetic beat is a point between a real beat and one
 * of its nearest neighbours. A recipe row has 12 bytes; the beat is computed when a batch is filled.
 */
import { randomStream } from "../random.ts";

/** Row i is the point from real beat `base[i]` to real beat `neighbour[i]`, at the share `lambda[i]` of the way. */
export interface SmoteRecipe {
  base: Uint32Array;
  neighbour: Uint32Array;
  /** Shares in [0, 1). */
  lambda: Float32Array;
}

/** Real beats of one class, which synthetic beats are interpolated between. */
export interface SmoteParents {
  label: string;
  /** Rows of the real beats. */
  members: Uint32Array;
  /** Neighbours of each member, `members` × `k`, as numbers of members. */
  neighbours: Int32Array;
  /** Number of neighbours of each member; 0: a class of one beat, which can only be copied. */
  k: number;
}

/** Returns a recipe whose rows are all 0. */
export function emptyRecipe(rows: number): SmoteRecipe {
  return { base: new Uint32Array(rows), neighbour: new Uint32Array(rows), lambda: new Float32Array(rows) };
}

/**
 * Draws rows `from` to `from + count − 1`: a uniform beat, one of its neighbours, and λ uniform in [0, 1).
 * Each class has a random stream, so the order of the classes changes nothing.
 */
export function drawRecipe(
  parents: SmoteParents,
  recipe: SmoteRecipe,
  { from, count }: { from: number; count: number },
  seed: number,
): void {
  const { members, neighbours, k } = parents;
  const random = randomStream(seed, "smote", parents.label);
  for (let row = from; row < from + count; row++) {
    const member = random.below(members.length);
    const other = k === 0 ? member : neighbours[member * k + random.below(k)];
    recipe.base[row] = members[member];
    recipe.neighbour[row] = members[other];
    // 24 bits fit into a float32, so that no λ is rounded up to 1.
    recipe.lambda[row] = (random.uint32() >>> 8) / 16777216;
  }
}

/**
 * Computes the synthetic beat of one recipe row: a + λ(b − a), rounded once to float32.
 * @param values real beats, rows of as many samples as `out` has
 */
export function interpolateBeat(values: Float32Array, recipe: SmoteRecipe, row: number, out: Float32Array): void {
  const { length } = out;
  const base = recipe.base[row] * length;
  const neighbour = recipe.neighbour[row] * length;
  const lambda = recipe.lambda[row];
  for (let i = 0; i < length; i++) {
    const value = values[base + i];
    out[i] = value + lambda * (values[neighbour + i] - value);
  }
}
