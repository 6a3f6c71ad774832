/**
 * What a WFDB header names: its segments and its signal files. A light reading that never fails, for finding records;
 * the parser of headers reports what is wrong with them.
 */

export interface HeaderNames {
  /** Names of the segments, without gaps (`~`); empty: the record has one segment. */
  segments: string[];
  /** Names of the signal files, without the empty one (`-`, `~`). */
  signalFiles: string[];
}

export function headerNames(text: string): HeaderNames {
  const lines = text
    .replace(/^(?:\uFEFF|\u00ef\u00bb\u00bf)/, "")
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const [record = "", ...rest] = lines;
  const [recordName = ""] = record.trim().split(/\s+/);
  const first = rest.map((line) => line.trim().split(/\s+/)[0]);
  // header(5): NAME/SEGMENTS; a folder before the name is no number.
  const isSegmented = /\/\d+$/.test(recordName);
  const names = [...new Set(first)].filter((name) => name !== "~" && name !== "-");
  return isSegmented ? { segments: names, signalFiles: [] } : { segments: [], signalFiles: names };
}
