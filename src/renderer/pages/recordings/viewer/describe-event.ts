/** Describes an event for the status line. Pure. */
import { formatClock } from "../../../base/record-time.ts";
import { ALL_BEATS, rrAround, type EventGroup, type SelectedEvent } from "./events.ts";

export interface EventText {
  /** The symbol, or the rhythm code. */
  label: string;
  /** `3 of 12 at 1:02.345 · RR (prev) 800 ms …`; for an episode its extent and duration. */
  text: string;
}

/** @param groups of the recording @param rate in Hz */
export function describeEvent({ group, index }: SelectedEvent, groups: readonly EventGroup[], rate: number): EventText {
  const [from, to] = [group.starts[index], group.ends[index]];
  const number = `${index + 1} of ${group.starts.length}`;
  if (to > from) {
    const seconds = ((to - from) / rate).toFixed(2);
    const extent = `${formatClock(from / rate, 2)} to ${formatClock(to / rate, 2)} · ${seconds} s`;
    return { label: group.label, text: `${number} · ${group.title} · ${extent}` };
  }
  const time = formatClock(from / rate, 3);
  if (group.kind !== "beat") return { label: group.label, text: `${number} at ${time} · ${group.title}` };
  const beats = groups.find(({ key }) => key === ALL_BEATS);
  const { before, after } = beats ? rrAround(beats, from) : { before: null, after: null };
  const ms = (samples: number | null): string => (samples === null ? "–" : `${Math.round((1000 * samples) / rate)} ms`);
  const heartRate = before === null ? "" : ` · HR ${Math.round((60 * rate) / before)} bpm`;
  return {
    label: group.label,
    text: `${number} at ${time} · RR (prev) ${ms(before)} · RR (next) ${ms(after)}${heartRate}`,
  };
}
