/**
 * Computes views of a recording: a view is a start time and a scale. Times are in s, lengths in CSS pixels; one mm is
 * 96/25.4 CSS pixels on every screen. Pure.
 */

export const PIXELS_PER_MM = 96 / 25.4;

/** The clinical standard: 25 mm/s and 10 mm/mV. */
export const STANDARD_SPEED = 25;
export const STANDARD_GAIN = 10;

/** In mm/s: a sample at 360 Hz is then 4 pixels wide. */
const MAX_SPEED = 400;

export interface View {
  /** Left edge, in s from the start of the recording. */
  start: number;
  pixelsPerSecond: number;
}

/** The bounds of a view. */
export interface Extent {
  /** Duration of the recording, in s. */
  duration: number;
  /** Width of the drawing, in pixels. */
  width: number;
}

export function toPixelsPerSecond(speed: number): number {
  return speed * PIXELS_PER_MM;
}

/** Returns the paper speed, in mm/s. */
export function speedOf({ pixelsPerSecond }: View): number {
  return pixelsPerSecond / PIXELS_PER_MM;
}

/** Returns the time span of the view, in s; it may exceed the recording. */
export function secondsIn({ pixelsPerSecond }: View, width: number): number {
  return width / pixelsPerSecond;
}

export function centreOf(view: View, width: number): number {
  return view.start + secondsIn(view, width) / 2;
}

export function timeAt(view: View, x: number): number {
  return view.start + x / view.pixelsPerSecond;
}

export function xAt(view: View, time: number): number {
  return (time - view.start) * view.pixelsPerSecond;
}

/** Returns the nearest view inside the recording, between the whole recording and 400 mm/s. */
export function clampView({ start, pixelsPerSecond }: View, { duration, width }: Extent): View {
  const fastest = toPixelsPerSecond(MAX_SPEED);
  const slowest = Math.min(width / duration, toPixelsPerSecond(STANDARD_SPEED));
  const scale = Math.min(Math.max(pixelsPerSecond, slowest), fastest);
  return { start: Math.max(0, Math.min(start, duration - width / scale)), pixelsPerSecond: scale };
}

/** Returns the view moved by a number of pixels; positive is later. */
export function panned(view: View, pixels: number, extent: Extent): View {
  return clampView({ ...view, start: view.start + pixels / view.pixelsPerSecond }, extent);
}

export function centredOn(view: View, time: number, extent: Extent): View {
  return clampView({ ...view, start: time - secondsIn(view, extent.width) / 2 }, extent);
}

/** Returns the view with another scale that keeps the time at `x` in place. */
export function scaled(view: View, pixelsPerSecond: number, x: number, extent: Extent): View {
  const { pixelsPerSecond: scale } = clampView({ ...view, pixelsPerSecond }, extent);
  return clampView({ start: timeAt(view, x) - x / scale, pixelsPerSecond: scale }, extent);
}

/** Interpolates two views by a fraction (0 to 1): linear in the centre time and in the logarithm of the scale. */
export function between(from: View, to: View, fraction: number, width: number): View {
  const pixelsPerSecond = from.pixelsPerSecond * (to.pixelsPerSecond / from.pixelsPerSecond) ** fraction;
  const [a, b] = [centreOf(from, width), centreOf(to, width)];
  return { start: a + (b - a) * fraction - width / pixelsPerSecond / 2, pixelsPerSecond };
}

/** Whether two views differ invisibly: by less than a quarter of a pixel at both edges. */
export function isClose(a: View, b: View, width: number): boolean {
  const ends = [0, width].map((x) => Math.abs(timeAt(a, x) - timeAt(b, x)));
  return Math.max(...ends) * b.pixelsPerSecond < 0.25;
}
