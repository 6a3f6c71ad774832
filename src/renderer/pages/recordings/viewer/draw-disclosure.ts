/** Draws lines of the full disclosure: a lead over the whole recording, a line for each half or whole minute. */
import { rhythmColourSymbol } from "../../../../contract/domain/rhythm.ts";
import { classColour } from "../../../theme/class-colours.ts";
import { fonts, type Tokens } from "../../../theme/tokens.ts";
import type { DrawingContext } from "./drawing-context.ts";
import { firstFrom, isInBeatRow } from "./events.ts";
import { drawTrace, type Stretch } from "./traces.ts";
import type { OpenedRecord } from "./use-record.ts";
import { PIXELS_PER_MM } from "./view.ts";

/** Width left of the lines, for their times. */
export const TIME_COLUMN_PX = 68;
export const LINE_HEIGHT_PX = 46;
/** Height of a line's row of symbols. */
const SYMBOLS_PX = 10;

export interface Disclosure {
  record: OpenedRecord;
  lead: number;
  /** Tiles of the lead that cover the lines. */
  stretches: readonly Stretch[];
  /** Duration of a line, in s. */
  lineSeconds: number;
  /** Numbers of the first and the last line to draw, and pixels from the first line's top to the top of the drawing. */
  first: number;
  last: number;
  offset: number;
  /** Gain, in mm/mV. */
  gain: number;
  mostFrequent: string;
  /** Extent of the strip view, in s. */
  view: { from: number; to: number };
  /** Size in CSS pixels, and device pixels per CSS pixel. */
  width: number;
  height: number;
  density: number;
  tokens: Tokens;
  dark: boolean;
}

export function drawDisclosure(context: DrawingContext, disclosure: Disclosure): void {
  const { width, height, density, tokens, first, last, offset } = disclosure;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.fillStyle = tokens.paper;
  context.fillRect(0, 0, width, height);
  context.textBaseline = "alphabetic";
  for (let line = first; line <= last; line++) {
    context.save();
    context.translate(TIME_COLUMN_PX, (line - first) * LINE_HEIGHT_PX - offset);
    drawLine(context, disclosure, line);
    context.restore();
  }
}

function drawLine(context: DrawingContext, disclosure: Disclosure, line: number): void {
  const { record, lineSeconds, width, tokens, dark, density, gain, lead, stretches, view } = disclosure;
  const plot = width - TIME_COLUMN_PX;
  const from = line * lineSeconds;
  const pixelsPerSecond = plot / lineSeconds;
  const x = (seconds: number): number => (seconds - from) * pixelsPerSecond;
  const { rate } = record;
  context.beginPath();
  context.rect(0, 0, plot, LINE_HEIGHT_PX * 1.5);
  context.clip();
  context.fillStyle = tokens.paperCoarse;
  context.fillRect(0, LINE_HEIGHT_PX - 1, plot, 1);
  for (let second = 10; second < lineSeconds; second += 10) context.fillRect(x(from + second), 0, 1, LINE_HEIGHT_PX);
  for (const { kind, code, from: start, to } of record.rhythm.episodes) {
    if (kind !== "rhythm" || code === "N" || to / rate <= from || start / rate >= from + lineSeconds) continue;
    const left = Math.max(0, x(start / rate));
    context.fillStyle = classColour(rhythmColourSymbol(code), dark);
    context.globalAlpha = 0.1;
    context.fillRect(left, 0, Math.min(plot, x(to / rate)) - left, LINE_HEIGHT_PX - 1);
    context.globalAlpha = 1;
    context.font = `600 10px ${fonts.body}`;
    context.textAlign = "left";
    context.fillStyle = tokens.ink;
    if (x(start / rate) >= 0) context.fillText(code, left + 2, LINE_HEIGHT_PX - 4);
  }
  if (view.to > from && view.from < from + lineSeconds) {
    context.fillStyle = tokens.accent;
    context.globalAlpha = 0.14;
    context.fillRect(x(view.from), 0, (view.to - view.from) * pixelsPerSecond, LINE_HEIGHT_PX - 1);
    context.globalAlpha = 1;
  }
  context.strokeStyle = tokens.ink;
  context.fillStyle = tokens.ink;
  context.lineWidth = 1;
  context.lineJoin = "bevel";
  context.beginPath();
  drawTrace(context, stretches, {
    origin: -from * pixelsPerSecond,
    pixelsPerSample: pixelsPerSecond / rate,
    zero: (LINE_HEIGHT_PX + SYMBOLS_PX) / 2 + record.middles[lead] * gain * PIXELS_PER_MM,
    pixelsPerUnit: gain * PIXELS_PER_MM,
    left: 0,
    right: plot,
    pixel: 1 / density,
    thickness: 1,
  });
  context.stroke();
  drawSymbols(context, disclosure, from, x);
}

/** Draws the symbols of all beats but the most frequent type. */
function drawSymbols(
  context: DrawingContext,
  { record, lineSeconds, mostFrequent, dark, tokens }: Disclosure,
  from: number,
  x: (seconds: number) => number,
): void {
  const { samples, symbols } = record.annotations;
  const end = (from + lineSeconds) * record.rate;
  context.font = `600 10px ${fonts.body}`;
  context.textAlign = "center";
  let last = -Infinity;
  for (let i = firstFrom(samples, from * record.rate); i < samples.length && samples[i] < end; i++) {
    if (symbols[i] === mostFrequent || !isInBeatRow(symbols[i])) continue;
    const at = x(samples[i] / record.rate);
    context.fillStyle = classColour(symbols[i] === "!" ? "V" : symbols[i], dark);
    context.fillRect(at - 2, SYMBOLS_PX, 4, 3);
    if (at - last < 9) continue;
    last = at;
    context.fillStyle = tokens.ink;
    context.fillText(symbols[i], at, SYMBOLS_PX - 1);
  }
}
