/** Points of a plot in pixels: their image, and those within a box or a lasso. Pure; 100,000 points take milliseconds. */
import type { BeatPoints } from "./beat-points.ts";

/** The plot's area in device pixels. */
export interface PlotArea {
  width: number;
  height: number;
}

/** Points in device pixels from the upper left corner of the area. */
export interface PlacedPoints {
  x: Float32Array;
  y: Float32Array;
}

export function placePoints({ x, y, axes }: BeatPoints, { width, height }: PlotArea): PlacedPoints {
  const [alongX, alongY] = [width / (axes.x.to - axes.x.from), height / (axes.y.to - axes.y.from)];
  const placed = { x: new Float32Array(x.length), y: new Float32Array(y.length) };
  for (let i = 0; i < x.length; i++) {
    placed.x[i] = (x[i] - axes.x.from) * alongX;
    placed.y[i] = height - (y[i] - axes.y.from) * alongY;
  }
  return placed;
}

/** A colour as the bytes of `ImageData` in memory: little-endian RGBA. */
export function pixelOf(colour: string): number {
  const value = Number.parseInt(colour.slice(1), 16);
  return ((255 << 24) | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

export interface PaintedPoints {
  points: PlacedPoints;
  /** Numbers of the points to paint, in this order. */
  of: Uint32Array;
  /** As {@link pixelOf} returns it. */
  colour: number;
  /** Width of a point, in device pixels. */
  size: number;
}

/** Paints points into an image, whose other pixels stay. */
export function paintPoints(pixels: Uint32Array, { width, height }: PlotArea, painted: PaintedPoints): void {
  const { of, colour, size } = painted;
  const { x, y } = painted.points;
  const half = size >> 1;
  for (let k = 0; k < of.length; k++) {
    const i = of[k];
    const left = Math.max(0, Math.min(width - size, Math.round(x[i]) - half));
    const top = Math.max(0, Math.min(height - size, Math.round(y[i]) - half));
    for (let row = top; row < top + size; row++) {
      for (let at = row * width + left; at < row * width + left + size; at++) pixels[at] = colour;
    }
  }
}

/** A corner of a selection, in the pixels of {@link PlacedPoints}. */
export interface Corner {
  x: number;
  y: number;
}

/** Returns the numbers of the points in a polygon, by the even-odd rule. */
export function pointsWithin({ x, y }: PlacedPoints, polygon: readonly Corner[]): number[] {
  const found: number[] = [];
  if (polygon.length < 3) return found;
  const [left, right] = [Math.min(...polygon.map((each) => each.x)), Math.max(...polygon.map((each) => each.x))];
  const [top, bottom] = [Math.min(...polygon.map((each) => each.y)), Math.max(...polygon.map((each) => each.y))];
  for (let i = 0; i < x.length; i++) {
    if (x[i] < left || x[i] > right || y[i] < top || y[i] > bottom) continue;
    if (isWithin(x[i], y[i], polygon)) found.push(i);
  }
  return found;
}

function isWithin(x: number, y: number, polygon: readonly Corner[]): boolean {
  let inside = false;
  let before = polygon[polygon.length - 1];
  for (const corner of polygon) {
    const crosses = corner.y > y !== before.y > y;
    if (crosses && x < ((before.x - corner.x) * (y - corner.y)) / (before.y - corner.y) + corner.x) inside = !inside;
    before = corner;
  }
  return inside;
}

/** Returns the polygon of a box between two corners. */
export function boxOf(a: Corner, b: Corner): Corner[] {
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }];
}
