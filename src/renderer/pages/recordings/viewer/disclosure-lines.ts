/** Lines of the full disclosure in a scrolled window. Pure; lengths in CSS pixels. */

/** Returns the number of lines of a recording. @param duration of the recording and of a line, in s */
export function lineCount(duration: number, lineSeconds: number): number {
  return Math.max(1, Math.ceil(duration / lineSeconds));
}

/**
 * Returns the lines that a scrolled window shows, a part of a line included.
 * @param top distance that is scrolled @param height of the window and of a line
 */
export function linesInView(
  { top, height, lineHeight }: { top: number; height: number; lineHeight: number },
  count: number,
): { first: number; last: number } {
  const first = Math.max(0, Math.min(count - 1, Math.floor(top / lineHeight)));
  return { first, last: Math.max(first, Math.min(count - 1, Math.ceil((top + height) / lineHeight) - 1)) };
}

/** Returns the time in s at a position in the lines. @param x from the start of the line @param y from the top of the first line */
export function timeInLines(
  { x, y }: { x: number; y: number },
  { width, lineHeight, lineSeconds }: { width: number; lineHeight: number; lineSeconds: number },
): number {
  return (Math.floor(y / lineHeight) + Math.max(0, Math.min(0.9999, x / width))) * lineSeconds;
}
