/** Text of the report of a recording, the same in the window, the terminal, HTML and PDF. */
import {
  reportClasses,
  type Candidate,
  type EctopicOrigin,
  type EctopySummary,
  type ExtremeKind,
  type PatternCounts,
  type RecordingStatistics,
  type ReportHour,
  type ReportSettings,
} from "./recording-report.ts";
import type { ReportStrip } from "./recording-report-choices.ts";
import { classMapTitles, escapeBeatsText } from "./class-maps.ts";
import { rhythmName } from "./rhythm.ts";
import { recordingTime } from "../text/format-clock.ts";
import { formatMetric, NO_METRIC } from "../text/format-metric.ts";
import { counted, formatDuration, formatInteger } from "../text/format-number.ts";

export const originNames: Readonly<Record<EctopicOrigin, string>> = {
  ventricular: "Ventricular",
  supraventricular: "Supraventricular",
};

export const extremeNames: Readonly<Record<ExtremeKind, string>> = {
  "highest-rate": "Highest heart rate",
  "lowest-rate": "Lowest heart rate",
  "longest-pause": "Longest pause",
  "atrial-fibrillation": "Longest atrial fibrillation",
  "ventricular-flutter": "Longest ventricular flutter or fibrillation",
  "ventricular-longest-run": "Longest ventricular run",
  "ventricular-fastest-run": "Fastest ventricular run",
  "ventricular-couplet": "Fastest ventricular couplet",
  "ventricular-bigeminy": "Longest ventricular bigeminy",
  "ventricular-trigeminy": "Longest ventricular trigeminy",
  "ventricular-single": "Earliest single ventricular beat",
  "supraventricular-longest-run": "Longest supraventricular run",
  "supraventricular-fastest-run": "Fastest supraventricular run",
  "supraventricular-couplet": "Fastest supraventricular couplet",
  "supraventricular-bigeminy": "Longest supraventricular bigeminy",
  "supraventricular-trigeminy": "Longest supraventricular trigeminy",
  "supraventricular-single": "Earliest single supraventricular beat",
};

/** Formats a heart rate: `82 bpm`. */
export function formatRate(rate: number | null): string {
  return rate === null || Number.isNaN(rate) ? NO_METRIC : `${Math.round(rate)} bpm`;
}

/** Formats seconds with two decimals: `2.35 s`. */
function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(2)} s`;
}

/** Formats a measure in ms: `72.9 ms`. */
export function formatMs(value: number | null): string {
  return value === null ? NO_METRIC : `${value.toFixed(1)} ms`;
}

/** Extremes whose size is their duration. */
const MEASURED_IN_TIME: ReadonlySet<ExtremeKind> = new Set([
  "longest-pause",
  "atrial-fibrillation",
  "ventricular-flutter",
]);

/** Returns what a place is: `5 beats at 153 bpm`, `2.35 s`, `12 min 05 s at 104 bpm`. */
export function candidateText(
  kind: ExtremeKind,
  { from, to, beats, rate }: Candidate,
  samplesPerSecond: number,
): string {
  const seconds = (to - from) / samplesPerSecond;
  if (from === to && rate === null) return "a single beat";
  if (beats === null && rate === null && !MEASURED_IN_TIME.has(kind)) return formatDuration(seconds);
  if (kind === "highest-rate" || kind === "lowest-rate") return formatRate(rate);
  if (kind === "longest-pause") return formatSeconds(seconds);
  if (kind.endsWith("-single")) return `${formatInteger(60_000 / (rate ?? 0))} ms after the beat before it`;
  if (kind.endsWith("geminy")) return `${counted(beats ?? 0, "ectopic beat")} in ${formatDuration(seconds)}`;
  if (beats !== null) return `${counted(beats, "beat")} at ${formatRate(rate)}`;
  return rate === null ? formatDuration(seconds) : `${formatDuration(seconds)} at ${formatRate(rate)}`;
}

/** Rows of the overruled extremes: extreme, what was overruled and when, what is shown instead, reviewer, and reason. */
export function overruledRows(strips: readonly ReportStrip[], { rate, startsAt }: RecordingStatistics): string[][] {
  const placeText = (kind: ExtremeKind, place: Candidate): string =>
    `${candidateText(kind, place, rate)} at ${recordingTime(startsAt, place.from / rate)}`;
  return strips.flatMap(({ kind, place: shown, overruled }) =>
    overruled.map(({ choice, place }) => [
      extremeNames[kind],
      placeText(kind, place),
      shown === null ? "nothing: all places are overruled" : placeText(kind, shown),
      choice.reviewer,
      choice.reason,
    ]),
  );
}

/** Columns of {@link overruledRows}. */
export const overruledColumns = ["Extreme", "Overruled", "Shown instead", "Reviewer", "Reason"] as const;

/** What overruling changes. */
export const OVERRULED_NOTE =
  "The values of these extremes are those of the places shown instead. Counts, burden, hours and charts are those of the annotations: correct a wrong label in a review.";

/** Formats an hour: `22:45–23:00` by the clock, else `0:00:00–1:00:00` since the start. */
export function hourText({ from, to }: Pick<ReportHour, "from" | "to">, startsAt: string | null): string {
  return `${recordingTime(startsAt, from)}–${recordingTime(startsAt, to)}`;
}

/** Rows of ectopic beats: a name, and the value of an origin. */
export const ectopyRows: readonly (readonly [name: string, value: (ectopy: EctopySummary) => string])[] = [
  ["Beats", ({ beats }) => formatInteger(beats)],
  ["Burden", ({ burden }) => formatMetric(burden)],
  ["Singles", ({ singles }) => formatInteger(singles)],
  ["Couplets", ({ couplets }) => formatInteger(couplets)],
  ["Runs (3 beats and more)", ({ runs }) => formatInteger(runs)],
  ["of these, triplets", ({ triplets }) => formatInteger(triplets)],
  ["Beats in runs", ({ runBeats }) => formatInteger(runBeats)],
  ["Longest run", ({ longestRun }) => (longestRun === 0 ? NO_METRIC : counted(longestRun, "beat"))],
  ["Fastest run", ({ fastestRun }) => formatRate(fastestRun)],
  ["Bigeminy", ({ bigeminy }) => patternText(bigeminy)],
  ["Trigeminy", ({ trigeminy }) => patternText(trigeminy)],
];

function patternText({ episodes, seconds }: PatternCounts): string {
  return episodes === 0 ? NO_METRIC : `${counted(episodes, "episode")}, ${formatDuration(seconds)}`;
}

/** Rows of the variability: a name, and its value. */
export function variabilityRows({ variability }: Pick<RecordingStatistics, "variability">): [string, string][] {
  if (variability === null) return [["NN intervals", "too few"]];
  const { intervals, excluded } = variability;
  return [
    ["NN intervals", `${formatInteger(intervals)} accepted, ${formatInteger(excluded)} left out as artefacts`],
    ["Mean NN", formatMs(variability.meanNn)],
    ["SDNN", formatMs(variability.sdnn)],
    ["SDANN", formatMs(variability.sdann)],
    ["SDNN index", formatMs(variability.sdnnIndex)],
    ["RMSSD", formatMs(variability.rmssd)],
    ["pNN50", formatMetric(variability.pnn50)],
    ["Triangular index", variability.triangularIndex.toFixed(1)],
    ["SD1 and SD2", `${formatMs(variability.sd1)} and ${formatMs(variability.sd2)}`],
  ];
}

/** Returns the burden of atrial fibrillation; a reason where the annotations name no rhythm. */
export function fibrillationText({ rhythms }: Pick<RecordingStatistics, "rhythms">): { value: string; note: string } {
  if (rhythms.length === 0) return { value: NO_METRIC, note: "no rhythm is annotated" };
  const fibrillation = rhythms.find(({ code }) => code === "AFIB");
  if (!fibrillation) return { value: formatMetric(0), note: "of the recording" };
  const { share, episodes, longest } = fibrillation;
  return { value: formatMetric(share), note: `${counted(episodes, "episode")}, longest ${formatDuration(longest)}` };
}

/** Returns the time of bradycardia and tachycardia: `2 min 05 s below 50 bpm, 0 s above 100 bpm`. */
export function rateLimitText({
  slowSeconds,
  fastSeconds,
  settings: { bradycardiaBpm, tachycardiaBpm },
}: Pick<RecordingStatistics, "slowSeconds" | "fastSeconds" | "settings">): string {
  return `${formatDuration(slowSeconds)} below ${bradycardiaBpm} bpm, ${formatDuration(fastSeconds)} above ${tachycardiaBpm} bpm`;
}

/** Returns the pauses: `2, longest 2.51 s`. */
export function pauseText({ pauses }: Pick<RecordingStatistics, "pauses">): string {
  const { count, longest, unreadable } = pauses;
  const left = unreadable === 0 ? "" : `; ${formatInteger(unreadable)} more in unreadable signal`;
  return `${formatInteger(count)}${longest === null ? "" : `, longest ${formatSeconds(longest)}`}${left}`;
}

/** Returns the name of a rhythm with its code: `Atrial fibrillation (AFIB)`. */
export function rhythmText(code: string): string {
  const name = rhythmName(code);
  return name === code ? code : `${name} (${code})`;
}

/** Returns the definition of every number of the report, with its settings. */
export function reportDefinitions({
  classMap,
  pauseSeconds,
  rateIntervals,
  nnChange,
  bradycardiaBpm,
  tachycardiaBpm,
}: ReportSettings): string[] {
  const artefacts =
    nnChange === 0 ? "" : `, and those that differ by more than ${nnChange} % from the NN interval before`;
  return [
    `Classes: ${reportClasses.join(", ")} of ANSI/AAMI EC57 (${classMapTitles[classMap]}; ${escapeBeatsText(classMap) ?? ""}). Ventricular beats are class V (symbols V, E and r), supraventricular ones class S; fusion beats (F) are counted apart.`,
    "Burden: ectopic beats divided by all heartbeats. Burden of a rhythm: its duration divided by that of the recording, by the rhythm annotations.",
    "Couplet: two successive ectopic beats of one class. Run: three or more; a triplet is a run of three. Rate of a run: 60 s divided by the mean interval inside it. A ventricular run from 100 bpm on is called ventricular tachycardia; a slower one is not.",
    "Bigeminy and trigeminy: three or more single ectopic beats, with one or two beats of class N between each.",
    `Pause: an RR interval above ${pauseSeconds} s. Intervals that reach into ventricular flutter, or into signal that is annotated as unreadable in all leads, are left out here and in all other numbers.`,
    `Heart rate: 60 s divided by the mean RR interval of all beats. Lowest and highest: over ${counted(rateIntervals, "successive RR interval")}.`,
    `Bradycardia and tachycardia: time in which the heart rate over ${counted(rateIntervals, "successive RR interval")} is below ${bradycardiaBpm} bpm or above ${tachycardiaBpm} bpm.`,
    `Heart rate variability: time domain by the Task Force of the ESC and NASPE (Circulation 93, 1996, 1043–1065), of NN intervals: between two successive sinus beats (N, L, R, B), outside of annotated atrial fibrillation, tachycardia, paced and junctional rhythm and block. Intervals outside of 0.3–2 s are left out${artefacts}. SDANN and SDNN index: over segments of 5 min that have at least 2.5 min of NN intervals.`,
    "SD1 and SD2: standard deviations across and along the identity line of the Poincaré plot, of successive NN intervals (Brennan et al., IEEE Trans. Biomed. Eng. 48, 2001). The plot shows all RR intervals.",
    "ST segment, QT interval and pacing are not analysed.",
  ];
}
