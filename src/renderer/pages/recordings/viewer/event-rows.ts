/** Rows of the event list. Pure. */
import type { RrIntervals } from "../../../../contract/domain/rhythm.ts";
import { formatClock } from "../../../../contract/text/format-clock.ts";
import { rrAround, typedEvent, type EventGroup, type SelectedEvent } from "./events.ts";

export interface EventRow {
  /** Index of the event in its group. */
  index: number;
  label: string;
  time: string;
  /** Duration of an episode in s; RR interval and heart rate of a beat; empty where there are none. */
  duration: string;
  rr: string;
  heartRate: string;
}

/** Returns the row of an event. @param groups of the recording @param rate in Hz */
export function eventRow(
  { group, index }: SelectedEvent,
  groups: readonly EventGroup[],
  intervals: RrIntervals,
  rate: number,
): EventRow {
  const [from, to] = [group.starts[index], group.ends[index]];
  const before = group.kind === "beat" ? rrAround(intervals, from, rate).before : null;
  return {
    index,
    label: typedEvent(groups, { group, index }).group.label,
    time: formatClock(from / rate, 3),
    duration: to > from ? `${((to - from) / rate).toFixed(2)} s` : "",
    rr: before === null ? "" : `${Math.round(1000 * before)} ms`,
    heartRate: before === null ? "" : `${Math.round(60 / before)} bpm`,
  };
}

/** Returns the mean number of events per hour, with one decimal below 100. */
export function eventsPerHour(events: number, seconds: number): string {
  const rate = (3600 * events) / seconds;
  return rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en");
}
