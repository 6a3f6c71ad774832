/** Describes the view as text, for people who can't see the drawing. Pure. */
import { firstFrom } from "./events.ts";
import { formatClock } from "../../../../contract/text/format-clock.ts";
import type { OpenedRecord } from "./use-record.ts";
import { timeAt, type View } from "./view.ts";

export function describeView(
  {
    annotations,
    rhythm,
    rate,
    length,
    leads,
  }: Pick<OpenedRecord, "annotations" | "rhythm" | "rate" | "length" | "leads">,
  view: View,
  width: number,
  name: string,
): string {
  const from = view.start * rate;
  const to = Math.min(timeAt(view, width) * rate, length);
  const counts = new Map<string, number>();
  const { samples, symbols, beats } = annotations;
  for (let i = firstFrom(samples, from); i < samples.length && samples[i] <= to; i++) {
    if (beats[i] === 1) counts.set(symbols[i], (counts.get(symbols[i]) ?? 0) + 1);
  }
  const rhythms = rhythm.episodes.filter((each) => each.kind === "rhythm" && each.to > from && each.from < to);
  const codes = [...new Set(rhythms.map(({ code }) => code))].join(", ");
  const found = [...counts].map(([symbol, count]) => `${count} ${symbol}`).join(", ");
  const names = leads.map(({ lead }) => lead).join(" and ");
  return `Recording ${name}, ${formatClock(view.start, 1)} to ${formatClock(to / rate, 1)}, ${names}. Beats: ${found || "none"}.${codes && ` Rhythm: ${codes}.`}`;
}
