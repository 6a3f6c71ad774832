/** Tables and names as a terminal shows them: numbers to the right, and nothing that it would obey. */

/** Without what a terminal would obey: names and comments come from files that anybody may have written. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, "\uFFFD");
}

/** Column heads; those that end in `>` stand to the right, as numbers do. */
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
