/** Text for a terminal: tables with right-aligned numbers, and names without control characters. */

/**
 * Replaces control characters, which a terminal would execute: names and comments come from files of unknown origin.
 */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, "\uFFFD");
}

/** Formats a table. Columns whose head ends in `>` are right-aligned, as numbers are; the `>` is not shown. */
export function formatTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = heads.map((head) => head.endsWith(">"));
  const titles = heads.map((head) => head.replace(/>$/, ""));
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (right[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(titles), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}
