/** Comparison of two annotators by EC57, as text and as a document. */
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import type {
  BeatMatrix,
  Ec57Counts,
  Ec57Metrics,
  Ec57Record,
  LabelAgreement,
  RunMetrics,
  TestSetEc57,
} from "../../../contract/domain/ec57.ts";
import { beatLabels, runLengths, UNREADABLE } from "../../../contract/domain/ec57.ts";
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import { noEc57Text } from "../../../contract/domain/test-set-ec57.ts";
import { testSetEc57Note } from "../../../contract/domain/ec57-text.ts";
import { NO_METRIC } from "../../../contract/text/format-metric.ts";
import { counted, formatInteger } from "../../../contract/text/format-number.ts";
import { referenceTotals } from "../../../pipeline/evaluation/ec57/metrics.ts";
import type { AnnotatorsCompared } from "../../services/datasets/annotators.ts";
import { formatTable } from "../format.ts";

type Rows = { name: string; values: string[] }[];

/** Returns the comparison with each count of beats under the name of EC57: `Nv` is N by the reference, V by the test. */
export function ec57Document({ records, gross, average, skipped }: AnnotatorsCompared): object {
  return {
    records: records.map((record) => ({ ...record, counts: namedCounts(record.counts) })),
    gross: { ...gross, counts: namedCounts(gross.counts) },
    average,
    skipped,
  };
}

export function testSetEc57Document({ from, convention, ...compared }: TestSetEc57): object {
  return { from, convention, ...ec57Document({ ...compared, skipped: [] }) };
}

/** @param compared null: the settings say why there are no results */
export function describeTestSetEc57(compared: TestSetEc57 | null, settings: PreparationSettings): string {
  if (compared === null) return `No results by EC57. ${noEc57Text(settings)}`;
  return `${testSetEc57Note(compared)}\n${describeEc57({ ...compared, skipped: [] })}`;
}

/** Names of the rows of a matrix; O: no partner, X: unreadable. */
const ROW_NAMES = [...beatLabels, "O", "X"];

function namedCounts({ matrix, ...runs }: Ec57Counts): object {
  const beats = matrix.flatMap((row, r) =>
    row.flatMap((count, c) =>
      r < beatLabels.length || c < beatLabels.length
        ? [[`${ROW_NAMES[r]}${ROW_NAMES[c].toLowerCase()}`, count] as const]
        : [],
    ),
  );
  return { beats: Object.fromEntries(beats), ...runs };
}

/** @param options.matrices whether each recording has its confusion matrix; that of all is always shown */
export function describeEc57(
  { records, gross, average, skipped }: AnnotatorsCompared,
  options: { matrices: boolean } = { matrices: false },
): string {
  const beats: Rows = [
    ...records.map((record) => ({
      name: record.paced ? `${record.record} (paced)` : record.record,
      values: [...metricCells(record), fixed(record.rrErrorMs, 2), kappaCell(record.agreement)],
    })),
    { name: "Gross", values: [...metricCells(gross), "", kappaCell(gross.agreement)] },
    { name: "Average", values: [...metricCells(average), fixed(average.rrErrorMs, 2), ""] },
  ];
  const totals = referenceTotals(gross.counts.matrix);
  const runs = (of: "ventricularRunMetrics" | "supraventricularRunMetrics"): Rows => [
    ...records.map((record) => ({ name: record.record, values: runCells(record[of]) })),
    { name: "Gross", values: runCells(gross[of]) },
    { name: "Average", values: runCells(average[of]) },
  ];
  const beatHeads = ["QRS Se>", "QRS PPV>", "VEB Se>", "VEB PPV>", "VEB FPR>", "SVEB Se>", "SVEB PPV>"];
  const lines = [
    table([...beatHeads, "RR error (ms)>", "Kappa>"], beats),
    `${counted(records.length, "recording")}, ${counted(totals.qrs, "beat")}: ` +
      `${formatInteger(totals.veb)} ventricular ectopic, ${formatInteger(totals.sveb)} supraventricular ectopic.`,
    "",
    "Ventricular runs",
    table(RUN_HEADS, runs("ventricularRunMetrics")),
    "",
    "Supraventricular runs",
    table(RUN_HEADS, runs("supraventricularRunMetrics")),
    "",
    ...(records.length > 1 ? matrixText("all recordings", gross.counts.matrix) : []),
    ...(options.matrices || records.length === 1
      ? records.flatMap(({ record, counts }) => matrixText(record, counts.matrix))
      : []),
    ...shutdownText(records),
    "",
    "Sensitivity (Se), PPV and false positive rate (FPR) in %; gross: of the summed counts.",
    "O: beats without a partner within 150 ms; X: beats whose partner is missing in unreadable signal.",
    "Short runs have 3 to 5 beats, long runs 6 and more. Kappa: agreement on the labels of matched beats.",
  ];
  if (skipped.length > 0) {
    lines.push(`Without annotations of one of the two: ${skipped.join(", ")}.`);
  }
  return [...lines, RESEARCH_USE_ONLY].join("\n");
}

/** Returns the confusion matrix in the order of `bxb`'s report: reference in rows, test in columns. */
function matrixText(name: string, matrix: BeatMatrix): string[] {
  const rows = matrix.map((row, r) => [
    ROW_NAMES[r],
    ...row.map((count, c) => (r < beatLabels.length || c < beatLabels.length ? formatInteger(count) : "")),
  ]);
  return [
    "",
    `Beats of ${name}, by the reference (rows) and the test annotator (columns)`,
    formatTable(["", ...ROW_NAMES.map((label) => `${label.toLowerCase()}>`)], rows),
  ];
}

/** Returns what the test annotator missed in signal that it marks as unreadable, as `bxb`'s report of shutdowns. */
function shutdownText(records: readonly Ec57Record[]): string[] {
  const missed = (record: Ec57Record): number[] => beatLabels.map((_, r) => record.counts.matrix[r][UNREADABLE]);
  const shut = records.filter((record) => record.shutdownSeconds > 0 || missed(record).some((count) => count > 0));
  if (shut.length === 0) return ["", "Shutdown: the test annotator marks no signal as unreadable."];
  return [
    "",
    "Shutdown: signal that the test annotator marks as unreadable, and beats missed in it",
    formatTable(
      ["Recording", ...beatLabels.map((label) => `${label}x>`), "Beats missed>", "Time>"],
      shut.map((record) => {
        const counts = missed(record);
        const sum = counts.reduce((total, count) => total + count, 0);
        const { qrs } = referenceTotals(record.counts.matrix);
        return [
          record.record,
          ...counts.map(formatInteger),
          qrs === 0 ? NO_METRIC : `${((100 * sum) / qrs).toFixed(2)} %`,
          `${Math.round(record.shutdownSeconds)} s`,
        ];
      }),
    ),
  ];
}

const RUN_HEADS = ["Couplets Se>", "Couplets PPV>", "Short Se>", "Short PPV>", "Long Se>", "Long PPV>"];

function table(heads: string[], rows: Rows): string {
  return formatTable(
    ["Recording", ...heads],
    rows.map(({ name, values }) => [name, ...values]),
  );
}

function metricCells(metrics: Ec57Metrics): string[] {
  return [
    fixed(metrics.qrsSensitivity, 2),
    fixed(metrics.qrsPpv, 2),
    fixed(metrics.vebSensitivity, 2),
    fixed(metrics.vebPpv, 2),
    fixed(metrics.vebFalsePositiveRate, 3),
    fixed(metrics.svebSensitivity, 2),
    fixed(metrics.svebPpv, 2),
  ];
}

function runCells(metrics: RunMetrics): string[] {
  return runLengths.flatMap((length) => [fixed(metrics[length].sensitivity, 0), fixed(metrics[length].ppv, 0)]);
}

function kappaCell({ kappa }: LabelAgreement): string {
  return fixed(kappa, 3);
}

function fixed(value: number | null, decimals: number): string {
  return value === null ? NO_METRIC : value.toFixed(decimals);
}
