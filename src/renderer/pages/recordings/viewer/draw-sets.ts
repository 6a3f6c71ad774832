/** Draws what two annotation sets say of a view: their names, and where they disagree; and stretches without a clear signal. */
import { fonts } from "../../../theme/tokens.ts";
import type { DrawingContext } from "./drawing-context.ts";
import { firstFrom } from "./events.ts";
import { comparedRowHeight, GUTTER, HEAD, REMARKS, RHYTHM, SYMBOLS } from "./layout.ts";
import type { Scene } from "./scene.ts";
import { timeAt, xAt } from "./view.ts";

/** Width of the mark of a disagreement. */
const MARK_PX = 20;
/** Closer marks than this are drawn as lines. */
const MIN_MARK_DISTANCE_PX = 3;

/** Draws each disagreement as a band behind the symbols of both sets. */
export function drawDisagreements(context: DrawingContext, { record, view, width, tokens }: Scene): void {
  const { compared } = record;
  if (compared === undefined) return;
  const top = RHYTHM + REMARKS - comparedRowHeight(record);
  const reach = MARK_PX / 2;
  const end = timeAt(view, width - GUTTER + reach) * record.rate;
  const times = compared.disagreements;
  let last = -Infinity;
  context.fillStyle = tokens.danger;
  for (let i = firstFrom(times, timeAt(view, -reach) * record.rate); i < times.length && times[i] <= end; i++) {
    const x = xAt(view, times[i] / record.rate);
    if (x - last < MIN_MARK_DISTANCE_PX) continue;
    last = x;
    context.globalAlpha = 0.16;
    context.fillRect(x - reach, top, MARK_PX, HEAD - top);
    context.globalAlpha = 1;
    context.fillRect(x - reach, top, MARK_PX, 2);
  }
}

/** Names both sets in the gutter, beside their symbols. */
export function drawSetNames(context: DrawingContext, { record, tokens }: Scene): void {
  const { compared, set } = record;
  if (compared === undefined) return;
  context.font = `11px ${fonts.body}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = tokens.faint;
  for (const [name, foot] of [
    [compared.name, HEAD - SYMBOLS],
    [set ?? "", HEAD],
  ] as const) {
    context.fillText(name, 4, foot - 9, GUTTER - 8);
  }
}

/** Shades noisy stretches in the lanes of their leads; unreadable and flat ones more strongly. */
export function drawPoorSignal(context: DrawingContext, { record, view, width, tokens, panels }: Scene): void {
  const [start, end] = [view.start * record.rate, timeAt(view, width - GUTTER) * record.rate];
  context.fillStyle = tokens.edge;
  for (const { kind, code, from, to, leads } of record.rhythm.episodes) {
    if (kind !== "noise" || to <= start || from >= end) continue;
    context.globalAlpha = code === "u" ? 0.3 : 0.16;
    for (const { lead, left, right, top, bottom } of panels) {
      if (!leads.includes(lead)) continue;
      const x = Math.max(left, xAt(view, from / record.rate));
      context.fillRect(x, top, Math.max(0, Math.min(right, xAt(view, to / record.rate)) - x), bottom - top);
    }
  }
  context.globalAlpha = 1;
}
