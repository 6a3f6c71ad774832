/** Text of results by EC57, the same in the window and in reports. */
import type { BeatConvention, Ec57Metrics } from "./ec57.ts";
import { formatMetric, NO_METRIC } from "../text/format-metric.ts";

/** Metrics of a table, each with the entry of the glossary that explains it. */
export const ec57Columns: readonly { key: keyof Ec57Metrics; head: string; term: string }[] = [
  { key: "qrsSensitivity", head: "QRS sensitivity", term: "sensitivity" },
  { key: "qrsPpv", head: "QRS PPV", term: "ppv" },
  { key: "vebSensitivity", head: "VEB sensitivity", term: "sensitivity" },
  { key: "vebPpv", head: "VEB PPV", term: "ppv" },
  { key: "svebSensitivity", head: "SVEB sensitivity", term: "sensitivity" },
  { key: "svebPpv", head: "SVEB PPV", term: "ppv" },
];

/** @param value in % */
export function ec57Percent(value: number | null): string {
  return formatMetric(value === null ? null : value / 100);
}

/** @param value Cohen's kappa; null: there is none */
export function kappaText(value: number | null): string {
  return value === null ? NO_METRIC : value.toFixed(3);
}

/** Names of the rows and columns of a matrix. */
export const ec57MatrixHeads = ["N", "S", "V", "F", "Q", "none", "unreadable"];

/** Returns how the metrics of a run's test set were computed. */
export function testSetEc57Note({ from, convention }: { from: number; convention: BeatConvention }): string {
  const start =
    from === 0 ? "from the start of each recording" : `from ${from / 60} minutes on (EC57's learning period)`;
  const escape = convention === "ec57" ? "S" : "N";
  return (
    `ANSI/AAMI EC57, ${start}; escape beats (e, j, n) count as ${escape}. The R-peaks are those of the annotations, so that QRS ` +
    "sensitivity says which share of the annotated beats the preparation gave to the network. VEB: class V; SVEB: class S."
  );
}
