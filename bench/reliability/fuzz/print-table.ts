/** The table of a fuzz run, in the format of docs/reliability.md. */
import type { TargetResult } from "./run-target.ts";

const columns: readonly [heading: string, cell: (result: TargetResult) => string][] = [
  ["target", ({ target }) => target],
  ["inputs", ({ inputs }) => formatCount(inputs)],
  ["accepted", ({ accepted }) => formatCount(accepted)],
  ["refused", ({ refused }) => formatCount(refused)],
  ["threads ended", ({ ended }) => formatCount(ended)],
  ["findings", ({ findings }) => formatCount(findings.length)],
  ["slowest input, ms", ({ slowestMs }) => slowestMs.toFixed(1)],
  ["inputs/s", ({ inputsPerSecond }) => formatCount(Math.round(inputsPerSecond))],
  ["seed", ({ seed }) => String(seed)],
];

export function printTable(results: readonly TargetResult[]): void {
  const rows = [
    columns.map(([heading]) => heading),
    ...results.map((result) => columns.map(([, cell]) => cell(result))),
  ];
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const [head, ...body] = rows.map(line);
  console.log([head, rule, ...body].join("\n"));
}

function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
