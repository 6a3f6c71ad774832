/** Draws a recording on ECG paper: grid, traces, annotations, selection and time, from loaded data. */
import type { DrawingContext } from "./drawing-context.ts";
import { fonts } from "../../../theme/tokens.ts";
import { drawAnnotations } from "./draw-annotations.ts";
import { drawCalipers, drawCursor } from "./draw-measures.ts";
import { drawPoorSignal, drawSetNames } from "./draw-sets.ts";
import { CLOCK, comparedRowHeight, GUTTER, HEAD, type Panel } from "./layout.ts";
import { timeLabels, timeLines, voltageLines, type GridLines } from "./paper.ts";
import { coverOf } from "./tile-cover.ts";
import { neededOf, unitHeight, zeroOf, type Scene } from "./scene.ts";
import { drawTrace } from "./traces.ts";
import type { OpenedRecord } from "./use-record.ts";
import { PIXELS_PER_MM, xAt } from "./view.ts";

/** Height of the ticks at the selected R-peak, above and below each lead. */
const SELECTED_TICK_PX = 12;

/** The row of a second annotation set is above the rest, which is drawn as without it, in the height that is left. */
export function drawRecord(context: DrawingContext, whole: Scene): void {
  const { width, density, tokens } = whole;
  const row = comparedRowHeight(whole.record);
  const scene = { ...whole, height: whole.height - row };
  context.setTransform(density, 0, 0, density, 0, 0);
  context.fillStyle = tokens.surface;
  context.fillRect(0, 0, width, whole.height);
  context.save();
  context.translate(0, row);
  drawPaper(context, scene);
  context.save();
  context.beginPath();
  context.rect(GUTTER, -row, width - GUTTER, whole.height);
  context.clip();
  context.translate(GUTTER, 0);
  drawPoorSignal(context, scene);
  drawSelection(context, scene);
  drawTraces(context, scene);
  drawAnnotations(context, scene);
  drawCursor(context, scene);
  drawCalipers(context, scene);
  drawClock(context, scene);
  context.restore();
  drawLeadNames(context, scene);
  drawSetNames(context, scene);
  context.restore();
}

function drawPaper(context: DrawingContext, scene: Scene): void {
  const { view, width, height, tokens, gain, record, density, panels } = scene;
  const [top, bottom] = [HEAD, height - CLOCK];
  context.fillStyle = tokens.paper;
  context.fillRect(GUTTER, top, width - GUTTER, bottom - top);
  const plot = width - GUTTER;
  const down = timeLines(view, plot);
  const across = panels.map((panel) => ({
    left: panel.left,
    wide: panel.right - panel.left,
    lines: voltageLines(zeroOf(scene, panel), panel.top, panel.bottom, gain),
  }));
  const hair = 1 / density;
  const snap = (at: number): number => Math.round(at * density) / density;
  const draw = (kind: keyof GridLines): void => {
    context.fillStyle = kind === "fine" ? tokens.paperFine : tokens.paperCoarse;
    for (const x of down[kind]) if (x >= 0 && x <= plot) context.fillRect(GUTTER + snap(x), top, hair, bottom - top);
    for (const { left, wide, lines } of across)
      for (const y of lines[kind]) context.fillRect(GUTTER + left, snap(y), wide, hair);
  };
  draw("fine");
  draw("coarse");
  // There is no paper after the end of the recording.
  const end = GUTTER + xAt(view, record.length / record.rate);
  if (end < width) {
    context.fillStyle = tokens.surface;
    context.fillRect(end, top, width - end, bottom - top);
  }
}

function drawTraces(context: DrawingContext, scene: Scene): void {
  const { record, view, width, height, density, tokens, denoised, panels } = scene;
  const needed = neededOf(view, width, density, record);
  const put = (store: OpenedRecord["raw"], colour: string, lineWidth: number): void => {
    const tiles = coverOf((tile) => store.get(tile), needed, record.length);
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.lineWidth = lineWidth;
    context.lineJoin = "bevel";
    for (const panel of panels) {
      clipTo(context, { ...panel, top: HEAD, bottom: height - CLOCK });
      context.beginPath();
      drawTrace(
        context,
        tiles.map((tile) => tile[panel.lead]),
        {
          origin: xAt(view, 0),
          pixelsPerSample: view.pixelsPerSecond / record.rate,
          zero: zeroOf(scene, panel),
          pixelsPerUnit: unitHeight(scene, panel),
          left: panel.left,
          right: panel.right,
          pixel: 1 / density,
          thickness: lineWidth,
        },
      );
      context.stroke();
      context.restore();
    }
  };
  put(record.raw, denoised ? tokens.edge : tokens.ink, denoised ? 1 : 1.2);
  if (denoised) put(record.denoised, tokens.accent, 1.4);
}

/** Limits the drawing to an area, until `restore`: a high trace covers neither annotations nor times. */
function clipTo(
  context: DrawingContext,
  { left, right, top, bottom }: Pick<Panel, "left" | "right" | "top" | "bottom">,
): void {
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
}

/** Draws the selected event behind the trace: the beat window, or the extent of an episode. The R-peak itself stays free. */
function drawSelection(context: DrawingContext, { view, record, selected, window, tokens, panels }: Scene): void {
  const last = panels.at(-1);
  if (selected === null || !last) return;
  const [top, height] = [panels[0].top, last.bottom - panels[0].top];
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
  for (const panel of panels) {
    if (peak < panel.left || peak > panel.right) continue;
    context.fillRect(peak - 1, panel.top, 2.5, SELECTED_TICK_PX);
    context.fillRect(peak - 1, panel.bottom - SELECTED_TICK_PX, 2.5, SELECTED_TICK_PX);
  }
}

function drawClock(context: DrawingContext, { view, width, height, tokens }: Scene): void {
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

/** Below this height of a lane, its name and a calibration mark would overlap: the last lane alone has a mark. */
const MIN_MARKED_LANE_PX = 76;

/** Draws the lead names, and in the gutter the calibration marks: 1 mV high, 0.2 s wide at 25 mm/s. */
function drawLeadNames(context: DrawingContext, scene: Scene): void {
  const { tokens, record, panels } = scene;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  panels.forEach((panel, i) => {
    const { lead, units } = record.leads[panel.lead];
    context.fillStyle = tokens.ink;
    context.font = `600 13px ${fonts.body}`;
    if (panel.left > 0) {
      context.fillText(lead, GUTTER + panel.left + 4, panel.top + 18);
      context.fillRect(GUTTER + panel.left, panel.top + 6, 1, 14);
      return;
    }
    const isLow = panel.bottom - panel.top < MIN_MARKED_LANE_PX;
    context.fillText(lead, 8, panel.top + 16, isLow ? 22 : GUTTER - 12);
    context.font = `11px ${fonts.body}`;
    context.fillStyle = tokens.faint;
    if (panel.inverted) context.fillText("inverted", 8, panel.top + 29, isLow ? 22 : GUTTER - 12);
    if (!isLow) drawCalibration(context, scene, { left: 8, panel, text: `1 ${units}` });
    else if (i === panels.length - 1) drawCalibration(context, scene, { left: 30, panel, text: "" });
  });
}

function drawCalibration(
  context: DrawingContext,
  { gain, tokens }: Scene,
  { left, panel, text }: { left: number; panel: Panel; text: string },
): void {
  const size = gain * PIXELS_PER_MM;
  const foot = Math.min(panel.middle + size / 2, panel.bottom - (text === "" ? 2 : 18));
  const wide = text === "" ? 24 : 29;
  context.fillText(text, left, foot + 14, GUTTER - 12);
  context.strokeStyle = tokens.ink;
  context.lineWidth = 1.2;
  context.beginPath();
  context.moveTo(left, foot);
  context.lineTo(left + 5, foot);
  context.lineTo(left + 5, foot - size);
  context.lineTo(left + wide - 5, foot - size);
  context.lineTo(left + wide - 5, foot);
  context.lineTo(left + wide, foot);
  context.stroke();
}
