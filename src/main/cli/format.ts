/** Figures and tables as people read them: thousands apart, as many digits as they deserve, numbers to the right. */

/** Without what a terminal would obey: names and comments come from files that anybody may have written. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, "\uFFFD");
}

/** `1,025,143` */
export function formatInteger(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** A share from 0 to 1 as `99.64 %`. */
export function formatPercent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(2)} %` : "–";
}

/** A score from 0 to 1 with three digits, `0.974`. */
export function formatScore(score: number): string {
  return Number.isFinite(score) ? score.toFixed(3) : "–";
}

/** `0.8 s`, `42 s`, `3 min 05 s`, `1 h 24 min` */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (n: number): string => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
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
