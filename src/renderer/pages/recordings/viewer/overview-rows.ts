/** Rows of the overview and their axes. Pure; lengths in CSS pixels. */
import type { RhythmSummary } from "../../../../contract/domain/rhythm.ts";
import { formatClock } from "../../../../contract/text/format-clock.ts";
import { firstFrom } from "./events.ts";

export type RowKind = "rhythm" | "beats" | "heartRate" | "rr";

export interface OverviewRow {
  kind: RowKind;
  top: number;
  height: number;
}

const HEIGHTS: Readonly<Record<RowKind, number>> = { rhythm: 16, beats: 28, heartRate: 44, rr: 44 };
const GAP_PX = 3;

/** @param trends whether heart rate and RR intervals are shown */
export function overviewRows(trends: boolean): OverviewRow[] {
  const kinds: RowKind[] = trends ? ["rhythm", "beats", "heartRate", "rr"] : ["rhythm", "beats"];
  let top = 0;
  return kinds.map((kind) => {
    const row = { kind, top, height: HEIGHTS[kind] };
    top += row.height + GAP_PX;
    return row;
  });
}

export function overviewHeight(rows: readonly OverviewRow[]): number {
  const last = rows[rows.length - 1];
  return last.top + last.height;
}

export interface Axis {
  min: number;
  max: number;
}

/** Returns the axis of the heart rate in bpm: multiples of 20 around all means. */
export function heartRateAxis({ heartRate }: Pick<RhythmSummary, "heartRate">): Axis {
  const known = heartRate.mean.filter((value) => !Number.isNaN(value));
  const lowest = known.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = known.reduce((a, b) => Math.max(a, b), -Infinity);
  if (lowest > highest) return { min: 40, max: 120 };
  const min = Math.floor(lowest / 20) * 20;
  return { min, max: Math.max(min + 40, Math.ceil(highest / 20) * 20) };
}

/** Longest RR interval on the axis, in s; longer ones lie on the upper edge. */
const MAX_RR_SECONDS = 4;
/** Least range of the axis, in s: less would show the rounding of annotations. */
const MIN_RR_RANGE_SECONDS = 0.4;

/** Returns the axis of the RR intervals in s: multiples of 0.2 s around all intervals. */
export function rrAxis({ intervals }: Pick<RhythmSummary, "intervals">): Axis {
  const { seconds } = intervals;
  if (seconds.length === 0) return { min: 0.4, max: 1.2 };
  let [shortest, longest] = [MAX_RR_SECONDS, 0];
  for (const value of seconds) {
    if (value < shortest) shortest = value;
    if (value > longest) longest = value;
  }
  // Integers of 0.2 s, since 3 × 0.2 is not 0.6.
  const low = Math.floor(shortest * 5);
  const high = Math.max(Math.ceil(Math.min(longest, MAX_RR_SECONDS) * 5), low + 5 * MIN_RR_RANGE_SECONDS);
  return { min: low / 5, max: high / 5 };
}

/** Returns the y of a value, inside the row. */
export function yOf(value: number, { min, max }: Axis, { top, height }: OverviewRow): number {
  const fraction = Math.max(0, Math.min(1, (value - min) / (max - min)));
  return top + height - 1.5 - fraction * (height - 3);
}

/** Describes a moment: `12:03 · AFIB · HR 96 bpm · RR 640 ms`. @param time in s @param rate in Hz */
export function describeMoment(rhythm: RhythmSummary, rate: number, time: number): string {
  const sample = time * rate;
  const episode = rhythm.episodes.find(({ kind, from, to }) => kind === "rhythm" && from <= sample && sample < to);
  const { binSeconds, mean } = rhythm.heartRate;
  const heartRate = mean[Math.floor(time / binSeconds)];
  const { samples, seconds } = rhythm.intervals;
  const index = firstFrom(samples, sample);
  const isInside = index < samples.length && samples[index] - seconds[index] * rate <= sample + 1;
  return [
    formatClock(time),
    episode?.code,
    heartRate === undefined || Number.isNaN(heartRate) ? undefined : `HR ${Math.round(heartRate)} bpm`,
    isInside ? `RR ${Math.round(1000 * seconds[index])} ms` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(" · ");
}
