/** The table of a comparison: a row a run, or one for all repeats of it, each held against the baseline. */
import type { ComparedRun, RunComparison, Spread } from "../../../contract/domain/comparison.ts";

export const testFigures = { accuracy: "Accuracy", macroF1: "Macro F1", weightedF1: "Weighted F1" } as const;
export type TestFigure = keyof typeof testFigures;

export interface ComparedRow {
  /** One, or all of a group of repeats. */
  runs: ComparedRun[];
  figures: Record<TestFigure, ComparedFigure>;
}

export interface ComparedFigure {
  /** Of one run, or the mean; null without a result. */
  value: number | null;
  /** Over repeats; null for one run. */
  deviation: number | null;
  /** From the baseline's; null for the baseline itself and where there is nothing to compare. */
  difference: number | null;
}

/** @param grouped repeats in one row, as mean and standard deviation */
export function comparedRows({ runs, repeats }: RunComparison, baseline: number, grouped: boolean): ComparedRow[] {
  const groups = grouped ? repeats.map(({ runs: ids }) => ids) : runs.map(({ id }) => [id]);
  const byId = new Map(runs.map((run) => [run.id, run]));
  const rows = groups.map((ids) => {
    const members = ids.map((id) => byId.get(id)!);
    return {
      runs: members,
      figures: figuresOf(
        members,
        repeats.find(({ runs: [first] }) => first === ids[0]),
      ),
    };
  });
  const against = rows.find((row) => row.runs.some(({ id }) => id === baseline));
  return rows.map((row) => (row === against ? row : { ...row, figures: held(row.figures, against?.figures) }));
}

function figuresOf(
  members: readonly ComparedRun[],
  repeat: RunComparison["repeats"][number] | undefined,
): ComparedRow["figures"] {
  const of = (figure: TestFigure): ComparedFigure => {
    const spread: Spread | undefined = members.length > 1 ? repeat?.[figure] : undefined;
    return {
      value: spread ? spread.mean : (members[0].test?.[figure] ?? null),
      deviation: spread?.deviation ?? null,
      difference: null,
    };
  };
  return { accuracy: of("accuracy"), macroF1: of("macroF1"), weightedF1: of("weightedF1") };
}

function held(figures: ComparedRow["figures"], against: ComparedRow["figures"] | undefined): ComparedRow["figures"] {
  const of = (figure: TestFigure): ComparedFigure => {
    const [mine, theirs] = [figures[figure].value, against?.[figure].value ?? null];
    return { ...figures[figure], difference: mine === null || theirs === null ? null : mine - theirs };
  };
  return { accuracy: of("accuracy"), macroF1: of("macroF1"), weightedF1: of("weightedF1") };
}

/** Runs of different preparations answer different questions. */
export function sameTest(runs: readonly ComparedRun[]): boolean {
  return new Set(runs.map(({ preparation }) => preparation)).size <= 1;
}

/** Row shares of one matrix less those of another, in percentage points; null where the class has no beats in one of them. */
export function matrixDifference(one: readonly number[][], other: readonly number[][]): (number | null)[][] {
  const shares = (matrix: readonly number[][]): (number | null)[][] =>
    matrix.map((row) => {
      const total = row.reduce((a, b) => a + b, 0);
      return row.map((count) => (total === 0 ? null : (100 * count) / total));
    });
  const [first, second] = [shares(one), shares(other)];
  return first.map((row, i) =>
    row.map((value, j) => {
      const theirs = second[i][j];
      return value === null || theirs === null ? null : theirs - value;
    }),
  );
}
