/**
 * SMOTE (Chawla, Bowyer, Hall & Kegelmeyer 2002) as a recipe: a synthetic beat is a point between a real beat and one of its
 * nearest neighbours. Twelve bytes say which point; the beat itself is made when it is fed.
 */
import { randomStream } from "../random.ts";

/** Row i says: from real beat `base[i]`, the part `lambda[i]` of the way to real beat `neighbour[i]`. */
export interface SmoteRecipe {
  base: Uint32Array;
  neighbour: Uint32Array;
  /** In [0, 1). */
  lambda: Float32Array;
}

/** The beats of one class that synthetic ones are made from. */
export interface SmoteParents {
  label: string;
  /** Rows of the real beats. */
  members: Uint32Array;
  /** Neighbours of each member, `members` × `k`, as numbers of members. */
  neighbours: Int32Array;
  /** Neighbours searched for each; 0: a class of one beat, which can only be copied. */
  k: number;
}

export function emptyRecipe(rows: number): SmoteRecipe {
  return { base: new Uint32Array(rows), neighbour: new Uint32Array(rows), lambda: new Float32Array(rows) };
}

/**
 * Writes rows `from` to `from + count − 1`: a uniformly drawn beat, one of its neighbours, and λ uniform in [0, 1).
 * Each class has its own random stream, so the order in which classes are drawn changes nothing.
 */
export function drawRecipe(
  parents: SmoteParents,
  recipe: SmoteRecipe,
  from: number,
  count: number,
  seed: number,
): void {
  const { members, neighbours, k } = parents;
  const random = randomStream(seed, "smote", parents.label);
  for (let row = from; row < from + count; row++) {
    const member = random.below(members.length);
    const other = k === 0 ? member : neighbours[member * k + random.below(k)];
    recipe.base[row] = members[member];
    recipe.neighbour[row] = members[other];
    // 24 bits: a float32 holds them all, so that no λ is rounded up to 1.
    recipe.lambda[row] = (random.uint32() >>> 8) / 16777216;
  }
}

/**
 * Makes the synthetic beat of one row: a + λ(b − a), rounded once to float32.
 * @param values real beats, rows of `length` samples
 */
export function synthesise(
  values: Float32Array,
  length: number,
  recipe: SmoteRecipe,
  row: number,
  out: Float32Array,
  offset: number,
): void {
  const base = recipe.base[row] * length;
  const neighbour = recipe.neighbour[row] * length;
  const lambda = recipe.lambda[row];
  for (let i = 0; i < length; i++) {
    const value = values[base + i];
    out[offset + i] = value + lambda * (values[neighbour + i] - value);
  }
}
