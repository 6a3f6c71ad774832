/**
 * Balancing: how many synthetic beats each class gets, and how far the largest class is sampled down.
 *
 * Every class is brought up to the size of the largest; then the largest alone is cut to the cap. That is the study's order:
 * the others keep the size that the largest had before.
 */
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import { randomStream } from "../random.ts";

/** One class that needs synthetic beats: what to search, and how many to make. */
export interface ClassBalancing {
  class: number;
  label: string;
  /** Rows of the real beats that synthetic ones are made from. */
  members: Uint32Array;
  /** Neighbours to search for each member, below their number; 0: nothing to search, the class has one beat. */
  k: number;
  /** Synthetic beats to make. */
  synthetic: number;
}

export interface BalancingPlan {
  classes: ClassBalancing[];
  /** Real beats of the largest class that the cap leaves out. */
  overCap: Uint32Array;
}

/**
 * @param classes class of each real beat
 * @param balanced the real beats to balance; classes without any there stay empty
 */
export function planBalancing(
  classes: Uint8Array,
  labels: readonly string[],
  balanced: Uint32Array,
  settings: Pick<PreparationSettings, "neighbours" | "majorityCap" | "seed">,
): BalancingPlan {
  const members = labels.map((_, number) => balanced.filter((row) => classes[row] === number));
  const largest = Math.max(...members.map((rows) => rows.length));
  // Of equal classes, the first is the largest.
  const majority = members.findIndex((rows) => rows.length === largest);
  const wanting = labels
    .map((label, number) => ({
      class: number,
      label,
      members: members[number],
      k: Math.min(settings.neighbours, members[number].length - 1),
      synthetic: largest - members[number].length,
    }))
    .filter((wants) => wants.members.length > 0 && wants.synthetic > 0);
  const kept = settings.majorityCap === 0 ? largest : Math.min(settings.majorityCap, largest);
  return { classes: wanting, overCap: drawOut(members[majority], largest - kept, settings.seed) };
}

/** Draws `count` of the rows, each set of them equally likely, in their order (selection sampling, Knuth 3.4.2 S). */
function drawOut(rows: Uint32Array, count: number, seed: number): Uint32Array {
  const random = randomStream(seed, "cap");
  const drawn = new Uint32Array(count);
  let next = 0;
  for (let i = 0; next < count; i++) {
    if (random.below(rows.length - i) < count - next) drawn[next++] = rows[i];
  }
  return drawn;
}
