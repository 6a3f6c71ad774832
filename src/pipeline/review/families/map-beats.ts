/**
 * The map of beats: each beat's shape projected on the two main axes of the shapes (principal component analysis), approximated by
 * subspace iteration on a sample that holds beats of every family, so that rare shapes have their place. Pure and deterministic.
 */
import { principalAxes, type PrincipalAxes } from "../../beats/principal-axes.ts";
import { SHAPE_POINTS, writeShape, type ReadShape } from "./beat-shapes.ts";
import type { Membership } from "./group-beats.ts";

/** Beats that define the axes: as many as the approximation reads. */
const AXIS_BEATS = 256;

/**
 * Returns the axes of some beats; null: there are none.
 * @param families family of each beat
 */
export function mapAxes(
  samples: Int32Array,
  memberships: readonly Pick<Membership, "family" | "shift">[],
  read: (sample: number) => ReadShape,
): PrincipalAxes | null {
  const chosen = spreadOverFamilies(memberships.map(({ family }) => family));
  if (chosen.length === 0) return null;
  const length = read(samples[chosen[0]]).leads * SHAPE_POINTS;
  const values = new Float32Array(chosen.length * length);
  chosen.forEach((beat, row) => {
    writeShape(read(samples[beat]), memberships[beat].shift, values.subarray(row * length, (row + 1) * length));
  });
  return principalAxes(
    values,
    length,
    Uint32Array.from(chosen, (_, row) => row),
    2,
  );
}

/** Returns beats of all families in turn, evenly over time: families with few beats give all of theirs. */
function spreadOverFamilies(families: readonly number[]): number[] {
  const members = new Map<number, number[]>();
  families.forEach((family, beat) => {
    const found = members.get(family);
    if (found) found.push(beat);
    else members.set(family, [beat]);
  });
  const share = Math.max(1, Math.floor(AXIS_BEATS / Math.max(1, members.size)));
  return [...members.values()].flatMap((all) => {
    const count = Math.min(share, all.length);
    return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
  });
}

/** Projects a shape. @param values as `writeShape` writes them */
export function project({ centre, axes }: PrincipalAxes, values: Float64Array): [x: number, y: number] {
  const length = centre.length;
  let [x, y] = [0, 0];
  for (let i = 0; i < length; i++) {
    const value = values[i] - centre[i];
    x += value * axes[i];
    y += value * axes[length + i];
  }
  return [x, y];
}
