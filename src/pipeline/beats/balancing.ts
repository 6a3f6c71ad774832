/**
 * Balancing: the number of synthetic beats of each class, and the undersampling of the largest class.
 *
 * Each class is oversampled to the size of the largest; then only the largest class is undersampled to the cap. This is
 * the order of the reference study: the other classes keep the original size of the largest.
 */
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import { randomStream } from "../random.ts";

/** A class that needs synthetic beats. */
export interface ClassBalancing {
  class: number;
  label: string;
  /** Rows of the real beats, which synthetic beats are interpolated between. */
  members: Uint32Array;
  /** Neighbours of each member, fewer than members; 0: the class has one beat. */
  k: number;
  /** Synthetic beats to make. */
  synthetic: number;
}

export interface BalancingPlan {
  classes: ClassBalancing[];
  /** Real beats of the largest class that the cap excludes. */
  overCap: Uint32Array;
}

/**
 * Plans the balancing.
 * @param classes class of each real beat
 * @param balanced rows of the real beats to balance; classes without any of them stay empty
 */
export function planBalancing(
  classes: Uint8Array,
  labels: readonly string[],
  balanced: Uint32Array,
  settings: Pick<PreparationSettings, "neighbours" | "majorityCap" | "seed">,
): BalancingPlan {
  const members = labels.map((_, number) => balanced.filter((row) => classes[row] === number));
  const largest = Math.max(...members.map((rows) => rows.length));
  // The first of several equally large classes is the largest.
  const majority = members.findIndex((rows) => rows.length === largest);
  const unbalanced = labels
    .map((label, number) => ({
      class: number,
      label,
      members: members[number],
      k: Math.min(settings.neighbours, members[number].length - 1),
      synthetic: largest - members[number].length,
    }))
    .filter(({ members, synthetic }) => members.length > 0 && synthetic > 0);
  const kept = settings.majorityCap === 0 ? largest : Math.min(settings.majorityCap, largest);
  return { classes: unbalanced, overCap: drawOut(members[majority], largest - kept, settings.seed) };
}

/** Draws `count` rows uniformly, and returns them in their order (selection sampling, Knuth 3.4.2 S). */
function drawOut(rows: Uint32Array, count: number, seed: number): Uint32Array {
  const random = randomStream(seed, "cap");
  const drawn = new Uint32Array(count);
  let next = 0;
  for (let i = 0; next < count; i++) {
    if (random.below(rows.length - i) < count - next) drawn[next++] = rows[i];
  }
  return drawn;
}
