/**
 * Balancing: the number of synthetic beats of each class, and the undersampling of large classes.
 *
 * The reference study oversamples each class to the size of the largest; then only the largest class is undersampled to the
 * cap, and the other classes keep the original size of the largest. Every other protocol gives all classes one size:
 * {@link balancedSize}.
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
  /** Real beats of large classes that the cap excludes, class by class. */
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
  settings: Pick<PreparationSettings, "protocol" | "neighbours" | "majorityCap" | "seed">,
): BalancingPlan {
  const members = labels.map((_, number) => balanced.filter((row) => classes[row] === number));
  const largest = Math.max(...members.map((rows) => rows.length));
  // The first of several equally large classes is the largest.
  const majority = members.findIndex((rows) => rows.length === largest);
  const isReference = settings.protocol === "reference";
  const size = isReference
    ? largest
    : balancedSize(
        members.map(({ length }) => length),
        settings.majorityCap,
      );
  const unbalanced = labels
    .map((label, number) => ({
      class: number,
      label,
      members: members[number],
      k: Math.min(settings.neighbours, members[number].length - 1),
      synthetic: size - members[number].length,
    }))
    .filter(({ members, synthetic }) => members.length > 0 && synthetic > 0);
  if (isReference) {
    const kept = settings.majorityCap === 0 ? largest : Math.min(settings.majorityCap, largest);
    return { classes: unbalanced, overCap: drawOut(members[majority], largest - kept, settings.seed, "cap") };
  }
  const over = members.map((rows, number) =>
    drawOut(rows, Math.max(0, rows.length - size), settings.seed, "cap", labels[number]),
  );
  return { classes: unbalanced, overCap: Uint32Array.from(over.flatMap((rows) => [...rows])) };
}

/** A balanced class has at most this many times the real beats of all classes but the largest. */
const MAX_OVERSAMPLING = 10;

/**
 * Returns the size of each class of a balanced training set: that of the largest class, or less. More synthetic beats than ten
 * times the real beats of the other classes repeat what few beats show, and cost the time of training.
 * @param sizes real beats of each class
 * @param cap most beats of a class; 0: the size of the largest class, whatever the others have
 */
export function balancedSize(sizes: readonly number[], cap: number): number {
  const largest = Math.max(...sizes);
  const others = sizes.reduce((a, b) => a + b, 0) - largest;
  if (cap === 0 || others === 0) return largest;
  return Math.min(largest, cap, MAX_OVERSAMPLING * others);
}

/** Draws `count` rows uniformly, and returns them in their order (selection sampling, Knuth 3.4.2 S). */
function drawOut(rows: Uint32Array, count: number, seed: number, ...stream: [string, ...string[]]): Uint32Array {
  const random = randomStream(seed, ...stream);
  const drawn = new Uint32Array(count);
  let next = 0;
  for (let i = 0; next < count; i++) {
    if (random.below(rows.length - i) < count - next) drawn[next++] = rows[i];
  }
  return drawn;
}
