/** Counts a test run: passed, failed, and skipped with the reason. */

export interface Tally {
  passed: number;
  /** Names of failed checks and tests. */
  failed: string[];
  skipped: { name: string; reason: string }[];
}

export interface CheckResult {
  name: string;
  ok: boolean;
}

/** The report of scripts/test/vitest-reporter.ts. */
export interface VitestReport {
  tests: {
    name: string;
    /** vitest's states; `pending` is a test that was found but did not end. */
    state: "passed" | "failed" | "skipped" | "pending";
    /** The argument of `context.skip(note)`. */
    note?: string;
  }[];
  /** Files that did not load, hooks that threw, and errors that belong to no test. */
  errors: string[];
}

export function emptyTally(): Tally {
  return { passed: 0, failed: [], skipped: [] };
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: [...a.failed, ...b.failed],
    skipped: [...a.skipped, ...b.skipped],
  };
}

export function tallyChecks(results: CheckResult[]): Tally {
  return {
    passed: results.filter(({ ok }) => ok).length,
    failed: results.filter(({ ok }) => !ok).map(({ name }) => name),
    skipped: [],
  };
}

/**
 * Counts as a failure too: a missing report, a run without tests, a test that did not end, and a status other than 0
 * without a failed test.
 *
 * @param report undefined if vitest wrote none
 * @param status how vitest ended: `status 0`, `status 1`, `signal SIGSEGV`…
 */
export function tallyVitest(report: VitestReport | undefined, status: string): Tally {
  if (report === undefined) return { ...emptyTally(), failed: [`vitest ended without a report (${status})`] };
  const tally = emptyTally();
  for (const { name, state, note } of report.tests) {
    if (state === "passed") tally.passed++;
    else if (state === "skipped") tally.skipped.push({ name, reason: note ?? "no reason given" });
    else tally.failed.push(state === "pending" ? `${name} (did not end)` : name);
  }
  tally.failed.push(...report.errors);
  if (report.tests.length === 0) tally.failed.push("vitest found no test");
  if (status !== "status 0" && tally.failed.length === 0) tally.failed.push(`vitest ended with ${status}`);
  return tally;
}

export function lastLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
}
