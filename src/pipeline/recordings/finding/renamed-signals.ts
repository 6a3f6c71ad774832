/** Finds the signal file of a record whose files were renamed: its header then names a file that is missing. */

/**
 * Returns the name of the file that has the samples: that of the header, with the suffix of the missing file.
 * @param record name of the header file without `.hea`
 * @param missing file that the header names, and that is missing
 * @param named all signal files that the header names
 * @returns null where two files could be meant
 */
export function renamedSignalFile(record: string, missing: string, named: readonly string[]): string | null {
  const suffix = suffixWithDot(missing);
  const renamed = `${record}${suffix}`;
  if (suffix === "" || named.includes(renamed)) return null;
  return named.filter((each) => suffixWithDot(each) === suffix).length === 1 ? renamed : null;
}

function suffixWithDot(file: string): string {
  const dot = file.lastIndexOf(".");
  return dot > 0 ? file.slice(dot).toLowerCase() : "";
}
