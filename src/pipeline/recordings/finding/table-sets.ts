/** Which set the beats of a table are, by the names of the files. */
import type { TableSet } from "../../../contract/domain/recordings.ts";

/**
 * Returns the tables to import with the set of each. Where some are called training and test set, the others are left
 * out: Kaggle's folder has tables of two databases with other classes.
 */
export function tableSetsByName(names: readonly string[]): Record<string, TableSet> {
  const has = (name: string, word: string): boolean => name.toLowerCase().includes(word);
  const train = names.filter((name) => has(name, "train"));
  const test = names.filter((name) => has(name, "test") && !train.includes(name));
  const sets = (of: readonly string[], set: TableSet): [string, TableSet][] => of.map((name) => [name, set]);
  if (train.length === 0 || test.length === 0) return Object.fromEntries(sets(names, "train"));
  return Object.fromEntries([...sets(train, "train"), ...sets(test, "test")]);
}
