/** Rows of the comparison table: one per run, or one per group of repeats, each with its difference from the baseline. */
import { comparableGroups, type ComparedRun, type RunComparison } from "../../../contract/domain/comparison.ts";
import type { Spread } from "../../../contract/domain/evaluation.ts";

export const testMetrics = { accuracy: "Accuracy", macroF1: "Macro F1", weightedF1: "Weighted F1" } as const;
export type TestMetric = keyof typeof testMetrics;

export interface ComparedRow {
  /** One run, or all runs of a group of repeats. */
  runs: ComparedRun[];
  metrics: Record<TestMetric, ComparedMetric>;
}

export interface ComparedMetric {
  /** Value of one run, or mean of repeats; null without a result. */
  value: number | null;
  /** Standard deviation over repeats; null for one run. */
  deviation: number | null;
  /** Difference from the baseline; null for the baseline itself, after other test beats, and where one of the two has no value. */
  difference: number | null;
  /** Whether it is the best of several runs; false for all where not all were tested on the same beats. */
  isBest: boolean;
}

/** @param grouped whether repeats share one row, as mean and standard deviation */
export function comparedRows({ runs, repeats }: RunComparison, baseline: number, grouped: boolean): ComparedRow[] {
  const groups = grouped ? repeats.map(({ runs: ids }) => ids) : runs.map(({ id }) => [id]);
  const byId = new Map(runs.map((run) => [run.id, run]));
  const rows = groups.map((ids) => {
    const members = ids.map((id) => byId.get(id)!);
    return {
      runs: members,
      metrics: metricsOf(
        members,
        repeats.find(({ runs: [first] }) => first === ids[0]),
      ),
    };
  });
  const baselineRow = rows.find((row) => row.runs.some(({ id }) => id === baseline));
  const compared = rows.map((row) =>
    row === baselineRow || baselineRow === undefined || !sameTest([row.runs[0], baselineRow.runs[0]])
      ? row
      : { ...row, metrics: withDifference(row.metrics, baselineRow.metrics) },
  );
  return sameTest(runs) && rows.length > 1 ? withBest(compared) : compared;
}

function withBest(rows: readonly ComparedRow[]): ComparedRow[] {
  const best = (metric: TestMetric): number => Math.max(...rows.map(({ metrics }) => metrics[metric].value ?? -1));
  const highest = ofEachMetric(best);
  return rows.map((row) => {
    const of = (metric: TestMetric): ComparedMetric => {
      const { value } = row.metrics[metric];
      return { ...row.metrics[metric], isBest: value === highest[metric] };
    };
    return { ...row, metrics: ofEachMetric(of) };
  });
}

function ofEachMetric<Value>(of: (metric: TestMetric) => Value): Record<TestMetric, Value> {
  return { accuracy: of("accuracy"), macroF1: of("macroF1"), weightedF1: of("weightedF1") };
}

function metricsOf(
  members: readonly ComparedRun[],
  repeat: RunComparison["repeats"][number] | undefined,
): ComparedRow["metrics"] {
  const of = (metric: TestMetric): ComparedMetric => {
    const spread: Spread | undefined = members.length > 1 ? repeat?.[metric] : undefined;
    return {
      value: spread ? spread.mean : (members[0].test?.[metric] ?? null),
      deviation: spread?.deviation ?? null,
      difference: null,
      isBest: false,
    };
  };
  return ofEachMetric(of);
}

function withDifference(metrics: ComparedRow["metrics"], baseline: ComparedRow["metrics"]): ComparedRow["metrics"] {
  const of = (metric: TestMetric): ComparedMetric => {
    const [value, reference] = [metrics[metric].value, baseline[metric].value];
    return { ...metrics[metric], difference: value === null || reference === null ? null : value - reference };
  };
  return ofEachMetric(of);
}

/** Returns whether test metrics of all runs are comparable. */
export function sameTest(runs: readonly ComparedRun[]): boolean {
  return comparableGroups(runs).length <= 1;
}

/** `Runs 1, 2: Sample, 5 classes` */
export function groupHeading(runs: readonly ComparedRun[]): string {
  const [{ dataset, labels }] = runs;
  const numbers = runs.map(({ id }) => id).join(", ");
  return `${runs.length === 1 ? "Run" : "Runs"} ${numbers}: ${dataset}, ${labels.length} ${labels.length === 1 ? "class" : "classes"}`;
}

/**
 * Returns the second matrix minus the first, both normalised by row, in percentage points; null in rows where the class has no beats
 * in one of them.
 */
export function matrixDifference(first: readonly number[][], second: readonly number[][]): (number | null)[][] {
  const shares = (matrix: readonly number[][]): (number | null)[][] =>
    matrix.map((row) => {
      const total = row.reduce((a, b) => a + b, 0);
      return row.map((count) => (total === 0 ? null : (100 * count) / total));
    });
  const [firstShares, secondShares] = [shares(first), shares(second)];
  return firstShares.map((row, i) =>
    row.map((value, j) => {
      const other = secondShares[i][j];
      return value === null || other === null ? null : other - value;
    }),
  );
}
