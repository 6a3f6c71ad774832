/**
 * Renamed keys and values of stored JSON, as texts to replace. Migration 007 renames them in the database, and
 * readManifest() in manifests of format 1. Each text contains the quotes and the colon of a key or value: inside a JSON
 * string quotes are escaped, so no text of a user matches.
 */
type Renaming = readonly [before: string, now: string];

const preparation: readonly Renaming[] = [
  ['"labelMap":"study"', '"classMap":"mit-bih"'],
  ['"labelMap":', '"classMap":'],
  ['"protocol":"split-first"', '"protocol":"intra-patient"'],
  ['"protocol":"patient-folds"', '"protocol":"cross-validation"'],
  ['"partRecords":', '"recordsBySet":'],
];

const training: readonly Renaming[] = [
  ['"parts":', '"microBatches":'],
  ['"convolutions":"own"', '"convolutions":"ectopy"'],
  ['"convolutions":"measured"', '"convolutions":"auto"'],
];

const plan: readonly Renaming[] = [
  ['"kind":"folds"', '"kind":"cross-validation"'],
  ['"setting":"parts"', '"setting":"microBatches"'],
];

/** Keys of each class in an evaluation; the database has columns for them. */
const evaluation: readonly Renaming[] = [
  ['"precision":0', '"ppv":0'],
  ['"precision":1', '"ppv":1'],
  ['"recall":', '"sensitivity":'],
];

/** Key of an entry in a run's log. */
const log: readonly Renaming[] = [['"words":', '"message":']];

export const storedNames = { preparation, training, plan };

/** Returns the text of a manifest of format 1 with today's names. */
export function withTodaysNames(manifest: string): string {
  return [...preparation, ...training, ...plan, ...evaluation, ...log].reduce(
    (text, [before, now]) => text.replaceAll(before, now),
    manifest,
  );
}

/** Returns an SQL expression that renames keys and values in a JSON column. */
export function renamedInSql(column: string, renamings: readonly Renaming[]): string {
  return renamings.reduce((text, [before, now]) => `replace(${text}, '${before}', '${now}')`, column);
}
