/** Draws a recording on ECG paper: grid, traces, annotations, selection and time, from loaded data. */
import type { Tokens } from "../../../theme/tokens.ts";
import { fonts } from "../../../theme/tokens.ts";
import { drawAnnotations } from "./draw-annotations.ts";
import { CLOCK, GUTTER, HEAD, lanesOf, type Lane } from "./layout.ts";
import { timeLabels, timeLines, voltageLines, type GridLines } from "./paper.ts";
import { coverOf } from "./tile-cover.ts";
import { levelFor } from "./tiles.ts";
import { drawTrace } from "./traces.ts";
import type { OpenedRecord } from "./use-record.ts";
import { PIXELS_PER_MM, timeAt, xAt, type View } from "./view.ts";

export interface Scene {
  record: OpenedRecord;
  /** The most frequent beat type. */
  mostFrequent: string;
  view: View;
  /** Size of the drawing in CSS pixels, and device pixels per CSS pixel. */
  width: number;
  height: number;
  density: number;
  /** Gain, in mm/mV. */
  gain: number;
  denoised: boolean;
  /** Samples of the selected event; `to` equals `from` for a beat or a mark. */
  selected: { from: number; to: number } | null;
  /** The beat window, in samples before and from the R-peak; null: hidden. */
  window: { before: number; after: number } | null;
  tokens: Tokens;
  dark: boolean;
}

type Context = CanvasRenderingContext2D;

/** Height of the ticks at the selected R-peak, above and below each lead. */
const SELECTED_TICK_PX = 12;

/** Returns the samples in view, and the level of tiles for them. */
export function neededOf(
  view: View,
  width: number,
  density: number,
  { rate, length }: Pick<OpenedRecord, "rate" | "length">,
): { from: number; to: number; level: number } {
  const from = Math.max(0, Math.floor(view.start * rate));
  const to = Math.min(length, Math.ceil(timeAt(view, width - GUTTER) * rate) + 1);
  return { from, to, level: levelFor(rate / (view.pixelsPerSecond * density), length) };
}

export function drawRecord(context: Context, scene: Scene): void {
  const { width, height, density, tokens, record } = scene;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.fillStyle = tokens.surface;
  context.fillRect(0, 0, width, height);
  const lanes = lanesOf(height, record.leads.length);
  drawPaper(context, scene, lanes);
  context.save();
  context.beginPath();
  context.rect(GUTTER, 0, width - GUTTER, height);
  context.clip();
  context.translate(GUTTER, 0);
  drawSelection(context, scene, lanes);
  drawTraces(context, scene, lanes);
  drawAnnotations(context, scene, lanes);
  drawClock(context, scene);
  context.restore();
  drawGutter(context, scene, lanes);
}

function drawPaper(context: Context, scene: Scene, lanes: Lane[]): void {
  const { view, width, height, tokens, gain, record, density } = scene;
  const [top, bottom] = [HEAD, height - CLOCK];
  context.fillStyle = tokens.paper;
  context.fillRect(GUTTER, top, width - GUTTER, bottom - top);
  const plot = width - GUTTER;
  const down = timeLines(view, plot);
  const across = lanes.map((lane, i) =>
    voltageLines(zeroOf(scene, lane, record.middles[i]), lane.top, lane.bottom, gain),
  );
  const hair = 1 / density;
  const snap = (at: number): number => Math.round(at * density) / density;
  const lines = (kind: keyof GridLines): void => {
    context.fillStyle = kind === "fine" ? tokens.paperFine : tokens.paperCoarse;
    for (const x of down[kind]) if (x >= 0 && x <= plot) context.fillRect(GUTTER + snap(x), top, hair, bottom - top);
    for (const lane of across) for (const y of lane[kind]) context.fillRect(GUTTER, snap(y), plot, hair);
  };
  lines("fine");
  lines("coarse");
  // There is no paper after the end of the recording.
  const end = GUTTER + xAt(view, record.length / record.rate);
  if (end < width) {
    context.fillStyle = tokens.surface;
    context.fillRect(end, top, width - end, bottom - top);
  }
}

function zeroOf({ gain }: Scene, lane: Lane, middle: number): number {
  return lane.middle + middle * gain * PIXELS_PER_MM;
}

function drawTraces(context: Context, scene: Scene, lanes: Lane[]): void {
  const { record, view, width, gain, density, tokens, denoised } = scene;
  const needed = neededOf(view, width, density, record);
  const put = (store: OpenedRecord["raw"], colour: string, lineWidth: number): void => {
    const tiles = coverOf((tile) => store.get(tile), needed, record.length);
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = lineWidth;
    context.lineJoin = "bevel";
    lanes.forEach((lane, lead) => {
      context.beginPath();
      drawTrace(
        context,
        tiles.map((tile) => tile[lead]),
        {
          origin: xAt(view, 0),
          pixelsPerSample: view.pixelsPerSecond / record.rate,
          zero: zeroOf(scene, lane, record.middles[lead]),
          pixelsPerUnit: gain * PIXELS_PER_MM,
          left: 0,
          right: width - GUTTER,
          pixel: 1 / density,
          thickness: lineWidth,
        },
      );
      context.stroke();
    });
  };
  put(record.raw, denoised ? tokens.edge : tokens.ink, denoised ? 1 : 1.2);
  if (denoised) put(record.denoised, tokens.accent, 1.4);
}

/** Draws the selected event behind the trace: the beat window, or the extent of an episode. The R-peak itself stays free. */
function drawSelection(context: Context, { view, record, selected, window, tokens }: Scene, lanes: Lane[]): void {
  const last = lanes.at(-1);
  if (selected === null || !last) return;
  const [top, height] = [lanes[0].top, last.bottom - lanes[0].top];
  const x = (sample: number): number => xAt(view, sample / record.rate);
  const isPoint = selected.to === selected.from;
  const range = isPoint
    ? window && [x(selected.from - window.before), x(selected.from + window.after)]
    : [x(selected.from), x(selected.to)];
  context.fillStyle = tokens.accent;
  if (range) {
    const [from, to] = range;
    context.globalAlpha = isPoint ? 0.1 : 0.07;
    context.fillRect(from, top, to - from, height);
    context.globalAlpha = 0.8;
    context.fillRect(from, top, 1, height);
    context.fillRect(to - 1, top, 1, height);
    context.globalAlpha = 1;
  }
  if (!isPoint) return;
  const peak = Math.round(x(selected.from));
  for (const lane of lanes) {
    context.fillRect(peak - 1, lane.top, 2.5, SELECTED_TICK_PX);
    context.fillRect(peak - 1, lane.bottom - SELECTED_TICK_PX, 2.5, SELECTED_TICK_PX);
  }
}

function drawClock(context: Context, { view, width, height, tokens }: Scene): void {
  context.font = `12px ${fonts.body}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  const y = height - CLOCK;
  for (const { x, text } of timeLabels(view, width - GUTTER)) {
    if (x + context.measureText(text).width + 6 > width - GUTTER) continue;
    context.fillStyle = tokens.edge;
    context.fillRect(Math.round(x), y, 1, 6);
    context.fillStyle = tokens.faint;
    context.fillText(text, Math.round(x) + 4, y + 15);
  }
}

/** Draws the lead names and the calibration mark: 1 mV high, 0.2 s wide at 25 mm/s. */
function drawGutter(context: Context, scene: Scene, lanes: Lane[]): void {
  const { tokens, gain, record } = scene;
  context.textBaseline = "alphabetic";
  lanes.forEach((lane, i) => {
    const { lead, units } = record.leads[i];
    context.fillStyle = tokens.ink;
    context.font = `600 13px ${fonts.body}`;
    context.textAlign = "left";
    context.fillText(lead, 8, lane.top + 16, GUTTER - 12);
    const size = gain * PIXELS_PER_MM;
    const foot = Math.min(lane.middle + size / 2, lane.bottom - 18);
    context.strokeStyle = tokens.ink;
    context.lineWidth = 1.2;
    context.beginPath();
    context.moveTo(8, foot);
    context.lineTo(13, foot);
    context.lineTo(13, foot - size);
    context.lineTo(32, foot - size);
    context.lineTo(32, foot);
    context.lineTo(37, foot);
    context.stroke();
    context.font = `11px ${fonts.body}`;
    context.fillStyle = tokens.faint;
    context.fillText(`1 ${units}`, 8, foot + 14, GUTTER - 12);
  });
}
