/** Results of a run's test set by EC57, as blocks of a report. */
import { NO_PARTNER, type Ec57Metrics, type TestSetEc57 } from "../../../contract/domain/ec57.ts";
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import { noEc57Text } from "../../../contract/domain/test-set-ec57.ts";
import { ec57Columns, ec57MatrixHeads, ec57Percent, testSetEc57Note } from "../../../contract/domain/ec57-text.ts";
import { counted, formatInteger } from "../../../contract/text/format-number.ts";
import { numberColumns, textColumns, type Block, type Cell } from "./document.ts";
import type { ReportRun } from "./report-run.ts";

/** @param results null: the settings say why there are none */
export function ec57Blocks(results: TestSetEc57 | null, settings: PreparationSettings): Block[] {
  if (results === null) return [{ kind: "paragraph", text: `None. ${noEc57Text(settings)}` }];
  const { records, gross, average } = results;
  const { matrix } = gross.counts;
  return [
    { kind: "paragraph", text: testSetEc57Note(results) },
    {
      kind: "table",
      caption: "Results by EC57. Gross: of the summed counts; average: mean of the recordings.",
      columns: [...textColumns("Recording"), ...numberColumns(...ec57Columns.map(({ head }) => head))],
      rows: [
        metricRow(`Gross, ${counted(records.length, "recording")}`, gross),
        metricRow("Average", average),
        ...records.map((record) => metricRow(record.paced ? `${record.record} (paced)` : record.record, record)),
      ],
      size: "small",
    },
    {
      kind: "table",
      caption:
        "Beats by the class of their annotation (rows) and their predicted class (columns); none: no prediction.",
      columns: [...textColumns("Annotated"), ...numberColumns(...ec57MatrixHeads.slice(0, NO_PARTNER + 1))],
      rows: matrix
        .slice(0, NO_PARTNER)
        .map((counts, label) => [ec57MatrixHeads[label], ...counts.slice(0, NO_PARTNER + 1).map(formatInteger)]),
    },
  ];
}

/** Returns the gross results of several runs, one row each. */
export function comparedEc57Blocks(runs: readonly ReportRun[]): Block[] {
  const rows = runs.flatMap(({ name, ec57 }): Cell[][] => (ec57 === null ? [] : [metricRow(name, ec57.gross)]));
  if (rows.length === 0) return [{ kind: "paragraph", text: `None. ${noEc57Text(runs[0].preparation.settings)}` }];
  const starts = new Set(runs.flatMap(({ ec57 }) => (ec57 === null ? [] : [testSetEc57Note(ec57)])));
  return [
    ...[...starts].map((text) => ({ kind: "paragraph" as const, text })),
    {
      kind: "table",
      caption: "Results by EC57, of the summed counts of all test recordings (gross).",
      columns: [...textColumns("Run"), ...numberColumns(...ec57Columns.map(({ head }) => head))],
      rows,
      size: "small",
    },
  ];
}

function metricRow(name: string, metrics: Ec57Metrics): Cell[] {
  return [name, ...ec57Columns.map(({ key }) => ec57Percent(metrics[key]))];
}
