/** The lines of ECG paper, and the times written under it. Pure. */
import { formatClock } from "../../../base/record-time.ts";
import { PIXELS_PER_MM, timeAt, xAt, type View } from "./view.ts";

/** Lines closer than this, in pixels, would be a grey veil. */
const CLOSEST = 3;

/** Every how many mm of paper a fine and a coarse line stand: 1 and 5, as on paper, wherever there is room for them. */
export interface GridLines {
  /** Positions in pixels; coarse ones are not among the fine. */
  fine: number[];
  coarse: number[];
}

/**
 * Lines at right angles to time. On paper of 25 mm/s a small square is 0.04 s and a large one 0.2 s; the lines mark the same times
 * at every speed, since it is the squares that are counted. Where they would be too close, only larger steps are marked.
 */
export function timeLines(view: View, width: number): GridLines {
  const steps = [0.04, 0.2, 1, 5, 10, 60, 300];
  const fineStep = steps.find((step) => step * view.pixelsPerSecond >= CLOSEST) ?? 600;
  const coarseStep = steps.find((step) => step > fineStep && step * view.pixelsPerSecond >= 4 * CLOSEST) ?? 1800;
  return linesBetween(timeAt(view, 0), timeAt(view, width), fineStep, coarseStep, (time) => xAt(view, time));
}

/**
 * Lines across: 0.1 and 0.5 mV.
 * @param zero y of 0 mV @param top and bottom of the lane, in pixels @param gain in mm/mV
 */
export function voltageLines(zero: number, top: number, bottom: number, gain: number): GridLines {
  const pixelsPerUnit = gain * PIXELS_PER_MM;
  const steps = [0.1, 0.5, 1, 5, 10];
  const fineStep = steps.find((step) => step * pixelsPerUnit >= CLOSEST) ?? 50;
  const coarseStep = steps.find((step) => step > fineStep && step * pixelsPerUnit >= 4 * CLOSEST) ?? 100;
  const unitsAt = (y: number): number => (zero - y) / pixelsPerUnit;
  return linesBetween(unitsAt(bottom), unitsAt(top), fineStep, coarseStep, (units) => zero - units * pixelsPerUnit);
}

function linesBetween(
  least: number,
  greatest: number,
  fineStep: number,
  coarseStep: number,
  place: (value: number) => number,
): GridLines {
  const fine: number[] = [];
  const coarse: number[] = [];
  const each = Math.round(coarseStep / fineStep);
  // Counted in whole steps: added up, they would drift.
  for (let i = Math.ceil(least / fineStep - 1e-9); i <= greatest / fineStep + 1e-9; i++) {
    (i % each === 0 ? coarse : fine).push(place(i * fineStep));
  }
  return { fine, coarse };
}

export interface TimeLabel {
  x: number;
  text: string;
}

/** Room of a label, in pixels. */
const LABEL = 84;

export function timeLabels(view: View, width: number): TimeLabel[] {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
  const step = steps.find((each) => each * view.pixelsPerSecond >= LABEL) ?? 7200;
  const labels: TimeLabel[] = [];
  const last = Math.floor(timeAt(view, width) / step + 1e-9);
  for (let i = Math.ceil(timeAt(view, 0) / step - 1e-9); i <= last; i++) {
    labels.push({ x: xAt(view, i * step), text: formatClock(i * step, step < 1 ? 1 : 0) });
  }
  return labels;
}
