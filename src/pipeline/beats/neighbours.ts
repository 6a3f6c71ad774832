/**
 * Exact k nearest neighbours of beats within their class (Euclidean distance), for SMOTE.
 *
 * Lower bounds from {@link planNeighbours} exclude most pairs; the others are measured on the samples. So the result
 * equals a comparison of all pairs for any data. Only the time depends on how compressible the data are.
 */
import { BOX_COORDINATES, COORDINATES, LEAF_BEATS, type NeighbourPlan } from "./neighbour-plan.ts";

/** Samples between two checks whether a distance already exceeds the limit. */
const CHECK_INTERVAL_SAMPLES = 40;

/**
 * Returns the neighbours of members `from` to `to − 1`, nearest first; of equal distances, the first member first. A
 * beat is not its own neighbour, but a second beat with the same samples is, at distance 0. The result does not depend
 * on the ranges.
 * @param k neighbours, 1 to members − 1
 * @returns (to − from) × k numbers of members
 * @throws RangeError where k or the range does not fit the plan
 */
export function findNeighbours(plan: NeighbourPlan, from: number, to: number, k: number): Int32Array {
  const rows = plan.members.length;
  if (!Number.isInteger(k) || k < 1 || k >= rows) throw new RangeError(`findNeighbours: k = ${k} of ${rows} members`);
  if (!(from >= 0 && from <= to && to <= rows))
    throw new RangeError(`findNeighbours: ${from} to ${to} of ${rows} members`);
  const found = new Int32Array((to - from) * k);
  const nearest = new Nearest(k, plan.slack);
  const leaves = Math.ceil(rows / LEAF_BEATS);
  for (let member = from; member < to; member++) {
    nearest.clear();
    const own = Math.floor(plan.position[member] / LEAF_BEATS);
    searchLeaf(plan, member, own, nearest);
    // Adjacent leaves have similar beats: searching outwards lowers the limit early.
    for (let step = 1; step < leaves; step++) {
      if (own + step < leaves) visitLeaf(plan, member, own + step, nearest);
      if (own - step >= 0) visitLeaf(plan, member, own - step, nearest);
    }
    found.set(nearest.members, (member - from) * k);
  }
  return found;
}

/** Nearest members so far, sorted by distance, then by member. */
class Nearest {
  readonly members: Int32Array;
  /** Largest squared distance that is still accepted. */
  limit = Infinity;
  /** The same for squared lower bounds, which rounding may have increased by `slack`. */
  boundLimit = Infinity;
  readonly #squared: Float64Array;
  readonly #slack: number;
  #count = 0;

  constructor(k: number, slack: number) {
    this.members = new Int32Array(k);
    this.#squared = new Float64Array(k);
    this.#slack = slack;
  }

  clear(): void {
    this.#count = 0;
    this.limit = Infinity;
    this.boundLimit = Infinity;
  }

  offer(member: number, squared: number): void {
    const last = this.members.length - 1;
    let at = this.#count;
    if (at > last) {
      if (!this.#before(squared, member, last)) return;
      at = last;
    } else {
      this.#count++;
    }
    for (; at > 0 && this.#before(squared, member, at - 1); at--) {
      this.#squared[at] = this.#squared[at - 1];
      this.members[at] = this.members[at - 1];
    }
    this.#squared[at] = squared;
    this.members[at] = member;
    if (this.#count > last) {
      this.limit = this.#squared[last];
      this.boundLimit = (Math.sqrt(this.limit) + this.#slack) ** 2;
    }
  }

  #before(squared: number, member: number, at: number): boolean {
    return squared < this.#squared[at] || (squared === this.#squared[at] && member < this.members[at]);
  }
}

/** Searches a leaf unless its box is too far away. */
function visitLeaf(plan: NeighbourPlan, member: number, leaf: number, nearest: Nearest): void {
  const { boxes, coordinates } = plan;
  const box = leaf * 2 * BOX_COORDINATES;
  const query = plan.position[member] * COORDINATES;
  const limit = nearest.boundLimit;
  let bound = 0;
  for (let c = 0; c < BOX_COORDINATES && bound <= limit; c++) {
    const value = coordinates[query + c];
    const below = boxes[box + c] - value;
    const above = value - boxes[box + BOX_COORDINATES + c];
    if (below > 0) bound += below * below;
    else if (above > 0) bound += above * above;
  }
  if (bound <= limit) searchLeaf(plan, member, leaf, nearest);
}

function searchLeaf(plan: NeighbourPlan, member: number, leaf: number, nearest: Nearest): void {
  const { coordinates, order, position } = plan;
  const self = position[member];
  const query = self * COORDINATES;
  const end = Math.min(order.length, (leaf + 1) * LEAF_BEATS);
  for (let p = leaf * LEAF_BEATS; p < end; p++) {
    const candidate = p * COORDINATES;
    const limit = nearest.boundLimit;
    let bound = 0;
    for (let block = 0; block < COORDINATES && bound <= limit; block += 8) {
      for (let c = block; c < block + 8; c++) {
        const difference = coordinates[query + c] - coordinates[candidate + c];
        bound += difference * difference;
      }
    }
    if (bound > limit || p === self) continue;
    const squared = squaredDistance(plan, member, order[p], nearest.limit);
    if (squared <= nearest.limit) nearest.offer(order[p], squared);
  }
}

/** Squared distance of the samples in float64; may stop early and return a value above `limit`. */
function squaredDistance(plan: NeighbourPlan, one: number, other: number, limit: number): number {
  const { values, length, members } = plan;
  const a = members[one] * length;
  const b = members[other] * length;
  const whole = length & ~1;
  let even = 0;
  let odd = 0;
  for (let start = 0; start < whole && even + odd <= limit; start += CHECK_INTERVAL_SAMPLES) {
    const end = Math.min(whole, start + CHECK_INTERVAL_SAMPLES);
    for (let i = start; i < end; i += 2) {
      const first = values[a + i] - values[b + i];
      const second = values[a + i + 1] - values[b + i + 1];
      even += first * first;
      odd += second * second;
    }
  }
  if (whole < length) even += (values[a + whole] - values[b + whole]) ** 2;
  return even + odd;
}
