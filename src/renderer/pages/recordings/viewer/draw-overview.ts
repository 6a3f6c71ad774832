/** Draws the overview of a recording: rhythm episodes, beat histogram, heart rate and RR intervals over the whole time. */
import { rhythmColourSymbol, type RhythmSummary } from "../../../../contract/domain/rhythm.ts";
import { classColour } from "../../../theme/class-colours.ts";
import { fonts, type Tokens } from "../../../theme/tokens.ts";
import type { Density } from "./density.ts";
import { GUTTER } from "./layout.ts";
import { heartRateAxis, rrAxis, yOf, type Axis, type OverviewRow } from "./overview-rows.ts";

export interface Overview {
  density: Density;
  rhythm: RhythmSummary;
  rows: readonly OverviewRow[];
  /** Samples of the recording, and its sampling rate in Hz. */
  length: number;
  rate: number;
  /** Size in CSS pixels, and device pixels per CSS pixel. */
  width: number;
  height: number;
  pixels: number;
  tokens: Tokens;
  dark: boolean;
}

type Context = CanvasRenderingContext2D;

/** A narrower view would be invisible. */
const MIN_VIEW_WIDTH_PX = 3;
/** Width of a shorter episode or pause. */
const MIN_EPISODE_WIDTH_PX = 2;

const titles: Readonly<Record<OverviewRow["kind"], string>> = {
  rhythm: "Rhythm",
  beats: "Beats",
  heartRate: "HR",
  rr: "RR",
};
/** Units of the axes, below the titles. */
const units: Readonly<Partial<Record<OverviewRow["kind"], string>>> = { heartRate: "bpm", rr: "s" };

/** Draws what does not move with the view. */
export function drawOverview(context: Context, overview: Overview): void {
  const { width, height, pixels, tokens, rows } = overview;
  context.setTransform(pixels, 0, 0, pixels, 0, 0);
  context.fillStyle = tokens.ground;
  context.fillRect(0, 0, width, height);
  for (const row of rows) {
    context.fillStyle = tokens.surface;
    context.fillRect(GUTTER, row.top, width - GUTTER, row.height);
    context.fillStyle = tokens.faint;
    context.font = `11px ${fonts.body}`;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    context.fillText(titles[row.kind], 0, row.top + 11, GUTTER - 18);
    context.fillText(units[row.kind] ?? "", 0, row.top + 25, GUTTER - 18);
    if (row.kind === "rhythm") drawEpisodes(context, overview, row);
    else if (row.kind === "beats") drawHistogram(context, overview, row);
    else if (row.kind === "heartRate") drawHeartRate(context, overview, row);
    else drawIntervals(context, overview, row);
  }
}

/** Draws the extent of the view, and the cursor. @param from, to and cursor as fractions of the recording; cursor null: none */
export function drawPosition(
  context: Context,
  { width, height, tokens }: Pick<Overview, "width" | "height" | "tokens">,
  { from, to, cursor }: { from: number; to: number; cursor: number | null },
): void {
  const plot = width - GUTTER;
  const centre = ((from + to) / 2) * plot;
  const wide = Math.max(MIN_VIEW_WIDTH_PX, (to - from) * plot);
  const left = GUTTER + Math.max(0, Math.min(centre - wide / 2, plot - wide));
  context.fillStyle = tokens.accent;
  context.globalAlpha = 0.16;
  context.fillRect(left, 0, wide, height);
  context.globalAlpha = 1;
  context.strokeStyle = tokens.accent;
  context.lineWidth = 1.5;
  context.strokeRect(left + 0.75, 0.75, Math.max(1, wide - 1.5), height - 1.5);
  if (cursor === null) return;
  context.fillStyle = tokens.ink;
  context.fillRect(GUTTER + cursor * plot - 0.5, 0, 1, height);
}

function xOf({ width, length }: Overview, sample: number): number {
  return GUTTER + (sample / length) * (width - GUTTER);
}

/** Draws rhythms as bands, other rhythms over the normal one; noise as a grey line; pauses as marks on the lower edge. */
function drawEpisodes(context: Context, overview: Overview, { top, height }: OverviewRow): void {
  const { rhythm, tokens, dark } = overview;
  const rhythms = rhythm.episodes.filter(({ kind }) => kind === "rhythm");
  const ordered = [...rhythms.filter(({ code }) => code === "N"), ...rhythms.filter(({ code }) => code !== "N")];
  context.font = `600 11px ${fonts.body}`;
  for (const { code, from, to } of ordered) {
    const left = xOf(overview, from);
    const wide = Math.max(MIN_EPISODE_WIDTH_PX, xOf(overview, to) - left);
    context.fillStyle = tokens.surface;
    context.fillRect(left, top, wide, height - 4);
    context.fillStyle = classColour(rhythmColourSymbol(code), dark);
    context.globalAlpha = code === "N" ? 0.15 : 0.45;
    context.fillRect(left, top, wide, height - 4);
    context.globalAlpha = 1;
    if (code !== "N") context.fillRect(left, top, wide, 2);
    if (context.measureText(code).width + 6 > wide) continue;
    context.fillStyle = tokens.ink;
    context.fillText(code, left + 3, top + height - 6);
  }
  context.fillStyle = tokens.edge;
  for (const { kind, from, to } of rhythm.episodes) {
    if (kind !== "noise") continue;
    const left = xOf(overview, from);
    context.fillRect(left, top + height - 3, Math.max(MIN_EPISODE_WIDTH_PX, xOf(overview, to) - left), 3);
  }
  context.fillStyle = tokens.danger;
  for (const { from } of rhythm.pauses) context.fillRect(xOf(overview, from) - 1, top + height - 5, 2.5, 5);
}

function drawHistogram(context: Context, { density, width, dark }: Overview, { top, height }: OverviewRow): void {
  const bins = density.counts[0]?.length ?? 0;
  const plot = width - GUTTER;
  const heights = new Float64Array(bins);
  density.classes.forEach((symbol, index) => {
    context.fillStyle = classColour(symbol, dark);
    // The most frequent type is pale, so that the others are visible.
    context.globalAlpha = index === 0 ? 0.4 : 1;
    const counts = density.counts[index];
    for (let bin = 0; bin < bins; bin++) {
      if (counts[bin] === 0) continue;
      const size = (counts[bin] / density.max) * (height - 2);
      context.fillRect(
        GUTTER + (bin * plot) / bins,
        top + height - heights[bin] - size,
        Math.max(1, plot / bins - 1),
        size,
      );
      heights[bin] += size;
    }
  });
  context.globalAlpha = 1;
}

function drawAxis(context: Context, { tokens, width }: Overview, row: OverviewRow, axis: Axis): void {
  context.font = `10px ${fonts.body}`;
  context.textAlign = "right";
  for (const [value, y] of [
    [axis.max, row.top + 9],
    [axis.min, row.top + row.height - 1],
  ]) {
    context.fillStyle = tokens.faint;
    context.fillText(String(value), GUTTER - 4, y);
  }
  context.textAlign = "left";
  context.fillStyle = tokens.line;
  context.fillRect(GUTTER, row.top + row.height / 2, width - GUTTER, 1);
}

/** Draws the range from the lowest to the highest rate of each bin, and a line through the means. */
function drawHeartRate(context: Context, overview: Overview, row: OverviewRow): void {
  const { rhythm, rate, tokens } = overview;
  const { binSeconds, mean, lowest, highest } = rhythm.heartRate;
  const axis = heartRateAxis(rhythm);
  drawAxis(context, overview, row, axis);
  context.fillStyle = tokens.accent;
  context.strokeStyle = tokens.accent;
  context.lineWidth = 1.25;
  context.beginPath();
  let open = false;
  mean.forEach((value, bin) => {
    if (Number.isNaN(value)) {
      open = false;
      return;
    }
    const x = xOf(overview, (bin + 0.5) * binSeconds * rate);
    const [upper, lower] = [yOf(highest[bin], axis, row), yOf(lowest[bin], axis, row)];
    context.globalAlpha = 0.18;
    context.fillRect(x - 1, upper, 2, Math.max(1, lower - upper));
    context.globalAlpha = 1;
    const y = yOf(value, axis, row);
    if (open) context.lineTo(x, y);
    else context.moveTo(x, y);
    open = true;
  });
  context.stroke();
}

/** Draws each RR interval as a dot: the tachogram. Dots of one pixel are drawn once, since a day has more beats than pixels. */
function drawIntervals(context: Context, overview: Overview, row: OverviewRow): void {
  const { rhythm, tokens, width, pixels } = overview;
  const axis = rrAxis(rhythm);
  drawAxis(context, overview, row, axis);
  const { samples, seconds } = rhythm.intervals;
  const [columns, rows] = [Math.ceil(width * pixels), Math.ceil(row.height * pixels)];
  const isDrawn = new Uint8Array(columns * rows);
  context.fillStyle = tokens.ink;
  context.globalAlpha = 0.7;
  for (let i = 0; i < seconds.length; i++) {
    const [x, y] = [xOf(overview, samples[i]), yOf(seconds[i], axis, row)];
    const pixel = Math.floor((y - row.top) * pixels) * columns + Math.floor(x * pixels);
    if (isDrawn[pixel] === 1) continue;
    isDrawn[pixel] = 1;
    context.fillRect(x - 0.6, y - 0.6, 1.2, 1.2);
  }
  context.globalAlpha = 1;
}
