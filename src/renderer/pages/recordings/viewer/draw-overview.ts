/** Draws the overview of a recording: a histogram of its beats over time, and the extent of the view. */
import { classColour } from "../../../theme/class-colours.ts";
import type { Tokens } from "../../../theme/tokens.ts";
import type { Density } from "./density.ts";

export interface Overview {
  density: Density;
  /** Bounds of the view, as fractions of the recording. */
  from: number;
  to: number;
  /** Size in CSS pixels, and device pixels per CSS pixel. */
  width: number;
  height: number;
  pixels: number;
  tokens: Tokens;
  dark: boolean;
}

/** A narrower view would be invisible. */
const MIN_VIEW_WIDTH_PX = 3;

export function drawOverview(context: CanvasRenderingContext2D, overview: Overview): void {
  const { density, width, height, pixels, tokens, dark } = overview;
  context.setTransform(pixels, 0, 0, pixels, 0, 0);
  context.fillStyle = tokens.surface;
  context.fillRect(0, 0, width, height);
  const bins = density.counts[0]?.length ?? 0;
  const room = height - 8;
  const heights = new Float64Array(bins);
  density.classes.forEach((symbol, index) => {
    context.fillStyle = classColour(symbol, dark);
    // The most frequent type is pale, so that the others are visible.
    context.globalAlpha = index === 0 ? 0.4 : 1;
    const counts = density.counts[index];
    for (let bin = 0; bin < bins; bin++) {
      if (counts[bin] === 0) continue;
      const size = (counts[bin] / density.max) * room;
      const x = (bin * width) / bins;
      context.fillRect(x, height - heights[bin] - size, Math.max(1, width / bins - 1), size);
      heights[bin] += size;
    }
  });
  context.globalAlpha = 1;
  const centre = ((overview.from + overview.to) / 2) * width;
  const wide = Math.max(MIN_VIEW_WIDTH_PX, (overview.to - overview.from) * width);
  const left = Math.max(0, Math.min(centre - wide / 2, width - wide));
  context.fillStyle = tokens.accent;
  context.globalAlpha = 0.16;
  context.fillRect(left, 0, wide, height);
  context.globalAlpha = 1;
  context.strokeStyle = tokens.accent;
  context.lineWidth = 1.5;
  context.strokeRect(left + 0.75, 0.75, Math.max(1, wide - 1.5), height - 1.5);
}
