/** The gap between two protocols as rows of a table, the same in the window and the terminal. */
export const GAP_NOTE =
  "Network, settings and seed are the same: only the protocol differs. The reference study's test set has SMOTE " +
  "interpolations of training beats, of known patients; the inter-patient test set has real beats of unseen patients.";

export interface GapRow {
  name: string;
  /** Class of the row; null: a mean over classes. */
  label: string | null;
  /** Shares; null where the class does not occur in the test set. */
  reference: number | null;
  interPatient: number | null;
  /** Inter-patient split minus reference study, in percentage points, with its sign; empty where one is missing. */
  difference: string;
}

type Means = Record<"accuracy" | "macroF1" | "weightedF1", number>;
interface ClassF1 {
  f1: number;
  support: number;
}

/** Returns the means first, then the F1 of each class. */
export function gapRows({
  reference,
  interPatient,
  classes,
}: {
  reference: Means;
  interPatient: Means;
  classes: readonly { label: string; reference: ClassF1; interPatient: ClassF1 }[];
}): GapRow[] {
  const means = [
    ["Accuracy", "accuracy"],
    ["Macro F1", "macroF1"],
    ["Weighted F1", "weightedF1"],
  ] as const;
  return [
    ...means.map(([name, key]) => gapRow(name, null, reference[key], interPatient[key])),
    ...classes.map(({ label, reference: one, interPatient: other }) =>
      gapRow(`F1 of ${label}`, label, one.support === 0 ? null : one.f1, other.support === 0 ? null : other.f1),
    ),
  ];
}

function gapRow(name: string, label: string | null, reference: number | null, interPatient: number | null): GapRow {
  const difference = reference === null || interPatient === null ? "" : signed(100 * (interPatient - reference));
  return { name, label, reference, interPatient, difference };
}

function signed(points: number): string {
  const text = points.toFixed(2);
  if (Number(text) === 0) return "±0.00";
  return points > 0 ? `+${text}` : `−${text.slice(1)}`;
}
