/** Dataset and its health report, as text and as a document. */
import type { HealthReport } from "../../../contract/domain/recordings.ts";
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
    ? `Dataset ${dataset.id}, ${dataset.name}: the same recordings were imported before.`
    : `Dataset ${dataset.id}, ${dataset.name}: imported.`;
  const next = Object.keys(report.beats).length > 0 ? ["", `Next: ectopy prepare ${dataset.id}`] : [];
  return [title, "", describeHealth(report), ...next].join("\n");
}

export function describeHealth(report: HealthReport): string {
  const symbols = Object.keys(report.beats);
  const records = report.records.filter(({ usable }) => usable);
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
  const lines = [
    formatTable(["Recording", "Duration>", "Sampling rate>", "Leads", "Beats>", "Beats by symbol"], rows),
    "",
    `${counted(report.usableRecords, "recording")}, ${formatDuration(report.seconds)}, ${counted(beats, "beat")}` +
      (beats === 0
        ? "."
        : `: ${symbols.map((symbol) => `${symbol} ${formatInteger(report.beats[symbol])}`).join(", ")}`),
  ];
  if (report.damagedRecords > 0) lines.push(`Excluded: ${counted(report.damagedRecords, "recording")}.`);
  const findings = describeGroups(groupFindings(report.records), report.findings);
  if (findings.length > 0) lines.push("", "Quality issues", ...findings);
  return lines.join("\n");
}
