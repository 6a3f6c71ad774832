/** Preparations whose dataset has other patients now: they keep theirs, and say so. */
import type { Preparation } from "../../contract/domain/preparation.ts";

const CAVEAT =
  "Patients of the dataset were corrected after this preparation was made: its sets and its results by patient keep the " +
  "earlier patients. Prepare the dataset again to split it by the corrected ones.";

/** Patient of each recording by its name; null: unknown. */
type Patients = ReadonlyMap<string, string | null>;

/**
 * Returns the preparation, marked as outdated where its recordings are grouped by patient differently now. Another label
 * for the same recordings changes no set.
 */
export function withPatientsAsOf(preparation: Preparation, before: Patients, now: Patients): Preparation {
  const { summary } = preparation;
  const used = summary.recordsBySet === undefined ? [...before.keys()] : Object.values(summary.recordsBySet).flat();
  const names = [...new Set(used)].sort();
  const [earlier, present] = [before, now].map((patients) => groups(names, patients));
  if (earlier.every((group, i) => group === present[i])) return preparation;
  return { ...preparation, isOutdated: true, summary: { ...summary, caveats: [CAVEAT, ...summary.caveats] } };
}

/** Returns the group of each recording: the number of the first one with its patient; −1: unknown. */
function groups(names: readonly string[], patients: Patients): number[] {
  const first = new Map<string, number>();
  return names.map((name, i) => {
    const label = patients.get(name) ?? null;
    if (label === null) return -1;
    if (!first.has(label)) first.set(label, i);
    return first.get(label) ?? i;
  });
}
