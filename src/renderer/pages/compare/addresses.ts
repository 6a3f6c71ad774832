/** Which runs are compared, as the page's address has it. */
import type { LocationQuery } from "vue-router";

/** Numbers of runs, each once, in their order. */
export function runsOf({ runs }: LocationQuery): number[] {
  if (typeof runs !== "string") return [];
  const numbers = runs.split(",").map(Number);
  return [...new Set(numbers.filter((number) => Number.isSafeInteger(number) && number > 0))];
}

/** The run that the others are held against: the one that is named, else the first. */
export function baselineOf({ against }: LocationQuery, runs: readonly number[]): number | null {
  const named = Number(against);
  return runs.includes(named) ? named : (runs[0] ?? null);
}
