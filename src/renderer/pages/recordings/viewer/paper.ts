/** The grid lines of ECG paper, and the time labels below it. Pure. */
import { formatClock } from "../../../../contract/text/format-clock.ts";
import { PIXELS_PER_MM, timeAt, xAt, type View } from "./view.ts";

/** Lines closer than this would merge into grey. */
const MIN_LINE_DISTANCE_PX = 3;

/** Fine lines at every mm and coarse lines at every 5 mm, as on paper, where they fit. */
export interface GridLines {
  /** Positions in pixels; `fine` does not contain the coarse lines. */
  fine: number[];
  coarse: number[];
}

/**
 * Returns the vertical lines. At 25 mm/s, a small square is 0.04 s and a large square 0.2 s; the lines mark the same
 * times at every speed, because readers count squares. Where lines would be too close, only larger steps are marked.
 */
export function timeLines(view: View, width: number): GridLines {
  const steps = [0.04, 0.2, 1, 5, 10, 60, 300];
  const fineStep = steps.find((step) => step * view.pixelsPerSecond >= MIN_LINE_DISTANCE_PX) ?? 600;
  const coarseStep =
    steps.find((step) => step > fineStep && step * view.pixelsPerSecond >= 4 * MIN_LINE_DISTANCE_PX) ?? 1800;
  return linesBetween([timeAt(view, 0), timeAt(view, width)], { fineStep, coarseStep }, (time) => xAt(view, time));
}

/**
 * Returns the horizontal lines, at 0.1 and 0.5 mV.
 * @param zero y of 0 mV @param top and bottom of the lane, in pixels @param gain in mm/mV
 */
export function voltageLines(zero: number, top: number, bottom: number, gain: number): GridLines {
  const pixelsPerUnit = gain * PIXELS_PER_MM;
  const steps = [0.1, 0.5, 1, 5, 10];
  const fineStep = steps.find((step) => step * pixelsPerUnit >= MIN_LINE_DISTANCE_PX) ?? 50;
  const coarseStep = steps.find((step) => step > fineStep && step * pixelsPerUnit >= 4 * MIN_LINE_DISTANCE_PX) ?? 100;
  const unitsAt = (y: number): number => (zero - y) / pixelsPerUnit;
  return linesBetween(
    [unitsAt(bottom), unitsAt(top)],
    { fineStep, coarseStep },
    (units) => zero - units * pixelsPerUnit,
  );
}

function linesBetween(
  [min, max]: readonly [min: number, max: number],
  { fineStep, coarseStep }: { fineStep: number; coarseStep: number },
  positionOf: (value: number) => number,
): GridLines {
  const fine: number[] = [];
  const coarse: number[] = [];
  const each = Math.round(coarseStep / fineStep);
  // Multiples of the step: a running sum would drift.
  for (let i = Math.ceil(min / fineStep - 1e-9); i <= max / fineStep + 1e-9; i++) {
    (i % each === 0 ? coarse : fine).push(positionOf(i * fineStep));
  }
  return { fine, coarse };
}

export interface TimeLabel {
  x: number;
  text: string;
}

/** Width of a label. */
const LABEL_WIDTH_PX = 84;

export function timeLabels(view: View, width: number): TimeLabel[] {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
  const step = steps.find((each) => each * view.pixelsPerSecond >= LABEL_WIDTH_PX) ?? 7200;
  const labels: TimeLabel[] = [];
  const last = Math.floor(timeAt(view, width) / step + 1e-9);
  for (let i = Math.ceil(timeAt(view, 0) / step - 1e-9); i <= last; i++) {
    labels.push({ x: xAt(view, i * step), text: formatClock(i * step, step < 1 ? 1 : 0) });
  }
  return labels;
}
