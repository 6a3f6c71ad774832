/**
 * What of a record is in view, and how large: pure sums on a view, which is a start and a scale. Times are in seconds, lengths in
 * CSS pixels, of which one millimetre has 96/25.4, wherever the screen is.
 */

export const PIXELS_PER_MM = 96 / 25.4;

/** The clinic's standard: 25 mm/s and 10 mm/mV. */
export const STANDARD_SPEED = 25;
export const STANDARD_GAIN = 10;

/** In mm/s: at the most, a sample of 360 Hz is 4 pixels wide. */
const FASTEST = 400;

export interface View {
  /** Left edge, in s from the record's start. */
  start: number;
  pixelsPerSecond: number;
}

/** What a view lies in. */
export interface Extent {
  /** Of the whole record, in s. */
  duration: number;
  /** Of the drawing, in pixels. */
  width: number;
}

export function toPixelsPerSecond(speed: number): number {
  return speed * PIXELS_PER_MM;
}

/** Paper speed, in mm/s. */
export function speedOf({ pixelsPerSecond }: View): number {
  return pixelsPerSecond / PIXELS_PER_MM;
}

/** Seconds in view, also where the record is shorter. */
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

/** The nearest view that stays inside the record: from all of it in the drawing, to 400 mm/s. */
export function clampView({ start, pixelsPerSecond }: View, { duration, width }: Extent): View {
  const fastest = toPixelsPerSecond(FASTEST);
  const slowest = Math.min(width / duration, toPixelsPerSecond(STANDARD_SPEED));
  const scale = Math.min(Math.max(pixelsPerSecond, slowest), fastest);
  return { start: Math.max(0, Math.min(start, duration - width / scale)), pixelsPerSecond: scale };
}

/** Moved by so many pixels; to the right is later. */
export function panned(view: View, pixels: number, extent: Extent): View {
  return clampView({ ...view, start: view.start + pixels / view.pixelsPerSecond }, extent);
}

export function centredOn(view: View, time: number, extent: Extent): View {
  return clampView({ ...view, start: time - secondsIn(view, extent.width) / 2 }, extent);
}

/** Another scale, while the time at `x` stays where it is. */
export function scaled(view: View, pixelsPerSecond: number, x: number, extent: Extent): View {
  const { pixelsPerSecond: scale } = clampView({ ...view, pixelsPerSecond }, extent);
  return clampView({ start: timeAt(view, x) - x / scale, pixelsPerSecond: scale }, extent);
}

/** Of the way from one view to the next, a part (0 to 1): even in the middle's time, and in the logarithm of the scale. */
export function between(from: View, to: View, part: number, width: number): View {
  const pixelsPerSecond = from.pixelsPerSecond * (to.pixelsPerSecond / from.pixelsPerSecond) ** part;
  const [a, b] = [centreOf(from, width), centreOf(to, width)];
  return { start: a + (b - a) * part - width / pixelsPerSecond / 2, pixelsPerSecond };
}

/** Whether nobody could see the difference: less than a quarter of a pixel at either edge. */
export function isClose(a: View, b: View, width: number): boolean {
  const ends = [0, width].map((x) => Math.abs(timeAt(a, x) - timeAt(b, x)));
  return Math.max(...ends) * b.pixelsPerSecond < 0.25;
}
