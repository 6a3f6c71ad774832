/** Compared runs and baseline in the page's address. */
import type { LocationQuery } from "vue-router";

/** Returns the numbers of the runs, each once, in the order of the address. */
export function runsOf({ runs }: LocationQuery): number[] {
  if (typeof runs !== "string") return [];
  const numbers = runs.split(",").map(Number);
  return [...new Set(numbers.filter((number) => Number.isSafeInteger(number) && number > 0))];
}

/** Returns the baseline: the run that the address names, else the first run. */
export function baselineOf({ against }: LocationQuery, runs: readonly number[]): number | null {
  const named = Number(against);
  return runs.includes(named) ? named : (runs[0] ?? null);
}
