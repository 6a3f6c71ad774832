/**
 * Formats numbers and times for the screens: with thousands separators, units, and as many digits as are meaningful.
 */
import type { DatasetOverview } from "../../contract/domain/datasets.ts";
import { NO_METRIC } from "../../contract/text/format-metric.ts";
import { counted, formatDuration as formatKnownDuration } from "../../contract/text/format-number.ts";

export { formatBytes } from "../../contract/text/format-bytes.ts";
export { counted, formatInteger, formatMilliseconds } from "../../contract/text/format-number.ts";
export { formatInterval, formatMetric, formatMetricSpread } from "../../contract/text/format-metric.ts";

/** Formats what a dataset has: `48 recordings`, `2 tables of beats`. */
export function contentsText({ contents, records }: Pick<DatasetOverview, "contents" | "records">): string {
  return contents === "beats" ? `${counted(records, "table")} of beats` : counted(records, "recording");
}

/** Shown where there is no value. */
export const NONE = NO_METRIC;

/** Formats a duration in the unit that fits: `42 s`, `3 min 05 s`; {@link NONE} where there is none. */
export function formatDuration(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined || !Number.isFinite(seconds) ? NONE : formatKnownDuration(seconds);
}

/** Formats an ISO time in the user's time zone: `25 Nov 2026, 14:05`. */
export function formatTime(iso: string): string {
  return new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

/** Formats an ISO time with seconds, for logs: `25 Nov, 14:05:09`. */
export function formatClock(iso: string): string {
  const time = new Date(iso);
  const day = time.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return `${day}, ${time.toLocaleTimeString("en-GB")}`;
}
