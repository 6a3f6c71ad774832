/** Describes an event for the status line. Pure. */
import type { RrIntervals } from "../../../../contract/domain/rhythm.ts";
import { formatClock } from "../../../../contract/text/format-clock.ts";
import { rrAround, type SelectedEvent } from "./events.ts";

export interface EventText {
  /** The symbol, or the rhythm code. */
  label: string;
  /** `3 of 12 at 1:02.345 · RR (prev) 800 ms …`; for an episode its extent and duration. */
  text: string;
}

/** @param rate in Hz */
export function describeEvent({ group, index }: SelectedEvent, intervals: RrIntervals, rate: number): EventText {
  const [from, to] = [group.starts[index], group.ends[index]];
  const number = `${index + 1} of ${group.starts.length}`;
  if (to > from) {
    const seconds = ((to - from) / rate).toFixed(2);
    const extent = `${formatClock(from / rate, 2)} to ${formatClock(to / rate, 2)} · ${seconds} s`;
    return { label: group.label, text: `${number} · ${group.title} · ${extent}` };
  }
  const time = formatClock(from / rate, 3);
  if (group.kind !== "beat") return { label: group.label, text: `${number} at ${time} · ${group.title}` };
  const { before, after } = rrAround(intervals, from, rate);
  const ms = (seconds: number | null): string => (seconds === null ? "–" : `${Math.round(1000 * seconds)} ms`);
  const heartRate = before === null ? "" : ` · HR ${Math.round(60 / before)} bpm`;
  return {
    label: group.label,
    text: `${number} at ${time} · RR (prev) ${ms(before)} · RR (next) ${ms(after)}${heartRate}`,
  };
}
