/** Dataset and its health report, as text and as a document. */
import { contentsOf } from "../../../contract/domain/dataset-records.ts";
import type { HealthReport, RecordHealth, TableSet } from "../../../contract/domain/recordings.ts";
import type { ImportedDataset } from "../../../contract/domain/datasets.ts";
import { groupFindings } from "../../../contract/domain/finding-groups.ts";
import { formatTable } from "../format.ts";
import { counted, formatDuration, formatInteger } from "../../../contract/text/format-number.ts";
import { describeGroups } from "./findings.ts";

export function datasetDocument({ dataset, report, alreadyThere }: ImportedDataset): unknown {
  return { dataset: { ...dataset, alreadyThere }, report };
}

export function describeImport({ dataset, report, alreadyThere }: ImportedDataset): string {
  const title = alreadyThere
    ? `Dataset ${dataset.id}, ${dataset.name}: the same ${contentsOf(report.records) === "beats" ? "tables" : "recordings"} were imported before.`
    : `Dataset ${dataset.id}, ${dataset.name}: imported.`;
  const next = Object.keys(report.beats).length > 0 ? ["", `Next: ectopy prepare ${dataset.id}`] : [];
  return [title, "", describeHealth(report), ...next].join("\n");
}

export function describeHealth(report: HealthReport): string {
  const records = report.records.filter(({ usable }) => usable);
  const lines = contentsOf(records) === "beats" ? tableLines(report, records) : recordingLines(report, records);
  if (report.damagedRecords > 0) lines.push(`Excluded: ${counted(report.damagedRecords, "recording")}.`);
  const findings = describeGroups(groupFindings(report.records), report.findings);
  if (findings.length > 0) lines.push("", "Quality issues", ...findings);
  return lines.join("\n");
}

/** Returns the tables of beats, with what they don't have. */
function tableLines(report: HealthReport, tables: readonly RecordHealth[]): string[] {
  const beats = Object.values(report.beats).reduce((a, b) => a + b, 0);
  return [
    tablesText(tables),
    "",
    `${counted(tables.length, "table")}, ${counted(beats, "beat")}: ${countsText(report.beats)}`,
    "Beats alone: patients are unknown, and there are neither recordings to view nor rhythms.",
  ];
}

/** Returns tables of beats, a line each. */
export function tablesText(tables: readonly RecordHealth[], sets: Readonly<Record<string, TableSet>> = {}): string {
  const rows = tables.map(({ name, rate, beats, details }) => [
    name,
    { train: "training", test: "test" }[sets[name] ?? details?.table?.set ?? "train"],
    formatInteger(Object.values(beats).reduce((a, b) => a + b, 0)),
    formatInteger(details?.table?.samples ?? 0),
    rate > 0 ? `${rate} Hz` : "unknown",
    countsText(beats),
  ]);
  return formatTable(["Table", "Set", "Beats>", "Samples>", "Sampling rate>", "Beats by class"], rows);
}

function countsText(beats: Readonly<Record<string, number>>): string {
  return Object.entries(beats)
    .map(([label, count]) => `${label} ${formatInteger(count)}`)
    .join("  ");
}

function recordingLines(report: HealthReport, records: readonly RecordHealth[]): string[] {
  const symbols = Object.keys(report.beats);
  const rows = records.map((record) => [
    record.name,
    formatDuration(record.length / record.rate),
    `${record.rate} Hz`,
    record.leads.join(", "),
    formatInteger(Object.values(record.beats).reduce((a, b) => a + b, 0)),
    symbols
      .filter((symbol) => record.beats[symbol] !== undefined)
      .map((symbol) => `${symbol} ${formatInteger(record.beats[symbol])}`)
      .join("  "),
  ]);
  const beats = Object.values(report.beats).reduce((a, b) => a + b, 0);
  return [
    formatTable(["Recording", "Duration>", "Sampling rate>", "Leads", "Beats>", "Beats by symbol"], rows),
    "",
    `${counted(report.usableRecords, "recording")}, ${formatDuration(report.seconds)}, ${counted(beats, "beat")}` +
      (beats === 0
        ? "."
        : `: ${symbols.map((symbol) => `${symbol} ${formatInteger(report.beats[symbol])}`).join(", ")}`),
  ];
}
