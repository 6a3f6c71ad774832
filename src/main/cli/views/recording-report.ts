/** The report of a recording, as text and as a document. */
import { RESEARCH_USE_ONLY } from "../../../contract/api/notices.ts";
import { ectopicOrigins, reportClasses } from "../../../contract/domain/recording-report.ts";
import type { RecordingReport } from "../../../contract/domain/reported-recording.ts";
import { recordingTime } from "../../../contract/text/format-clock.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { formatDuration, formatInteger } from "../../../contract/text/format-number.ts";
import {
  candidateText,
  ectopyRows,
  extremeNames,
  fibrillationText,
  formatRate,
  originNames,
  OVERRULED_NOTE,
  overruledColumns,
  overruledRows,
  pauseText,
  rhythmText,
  variabilityRows,
} from "../../../contract/domain/recording-report-text.ts";
import { setText } from "../../../contract/domain/reported-set-text.ts";
import { formatTable } from "../format.ts";

export function describeRecordingReport({ record, dataset, set, statistics, strips, models }: RecordingReport): string {
  const { heartbeats, classes, heartRate, ectopy, rhythms, rate, startsAt } = statistics;
  const fibrillation = fibrillationText(statistics);
  return [
    `Recording ${record} of ${dataset.name}, ${formatDuration(statistics.length / rate)}`,
    `Annotations: ${setText(set, models)}`,
    "",
    `Heartbeats: ${formatInteger(heartbeats)} (${reportClasses.map((label, i) => `${label} ${formatInteger(classes[i])}`).join(", ")})`,
    `Heart rate: ${formatRate(heartRate.mean)}, lowest ${formatRate(heartRate.lowest)}, highest ${formatRate(heartRate.highest)}`,
    `Pauses: ${pauseText(statistics)}`,
    `Atrial fibrillation: ${fibrillation.value}, ${fibrillation.note}`,
    "",
    formatTable(
      ["Ectopic beats", ...ectopicOrigins.map((origin) => `${originNames[origin]}>`)],
      ectopyRows.map(([name, value]) => [name, ...ectopicOrigins.map((origin) => value(ectopy[origin]))]),
    ),
    ...(rhythms.length === 0
      ? []
      : [
          "",
          formatTable(
            ["Rhythm", "Episodes>", "Duration>", "Share>", "Longest>"],
            rhythms.map(({ code, episodes, seconds, share, longest }) => [
              rhythmText(code),
              formatInteger(episodes),
              formatDuration(seconds),
              formatMetric(share),
              formatDuration(longest),
            ]),
          ),
        ]),
    "",
    formatTable(["Heart rate variability", "Value"], variabilityRows(statistics)),
    "",
    formatTable(
      ["Extreme", "Time>", "Value"],
      strips.flatMap(({ kind, place }) =>
        place === null
          ? []
          : [[extremeNames[kind], recordingTime(startsAt, place.from / rate), candidateText(kind, place, rate)]],
      ),
    ),
    ...overruledText(strips, statistics),
    "",
    `${RESEARCH_USE_ONLY} Not a diagnosis.`,
  ].join("\n");
}

function overruledText(strips: RecordingReport["strips"], statistics: RecordingReport["statistics"]): string[] {
  const rows = overruledRows(strips, statistics);
  return rows.length === 0 ? [] : ["", formatTable(overruledColumns, rows), OVERRULED_NOTE];
}

/** Returns the report with its curves as plain lists; a bin without an interval is null. The other charts are left out. */
export function recordingReportDocument({ statistics, ...report }: RecordingReport): object {
  const { trend, histogram } = statistics;
  const charts = new Set<string>(["trend", "histogram", "poincare", "tachogram", "extremes"]);
  const numbers = Object.entries(statistics).filter(([name]) => !charts.has(name));
  return {
    ...report,
    statistics: {
      ...Object.fromEntries(numbers),
      heartRateTrend: {
        binSeconds: trend.binSeconds,
        mean: plain(trend.mean),
        lowest: plain(trend.lowest),
        highest: plain(trend.highest),
      },
      rrHistogram: { binMs: histogram.binMs, counts: [...histogram.counts] },
    },
  };
}

function plain(values: Float32Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : Number(value.toPrecision(6))));
}
