/** The steps of paper speed and gain, between which every zoom ends. Pure. */

/** Paper speeds in mm/s. The slow ones show minutes and hours; the clinical standard is 25. */
export const SPEEDS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 12.5, 25, 50, 100, 200, 400,
];
/** Gains in mm/mV; the clinical standard is 10. */
export const GAINS: readonly number[] = [1, 2.5, 5, 10, 20, 40, 80];

/** A pinch by less than this factor returns to where it began. */
const MIN_ZOOM = 1.1;

/** Returns the speeds at which a view is shorter than the recording. @param slowest speed that shows the whole recording, in mm/s */
export function speedsAbove(slowest: number): number[] {
  return SPEEDS.filter((speed) => speed > slowest * 1.02);
}

/**
 * Returns the next step above (`by` 1) or below (−1) a value, which may lie between two steps; beyond the steps, the last one.
 * @param steps ascending
 */
export function nextStep(steps: readonly number[], value: number, by: 1 | -1): number {
  const found = by === 1 ? steps.find((step) => step > value * 1.01) : steps.findLast((step) => step < value * 0.99);
  return found ?? (by === 1 ? steps[steps.length - 1] : steps[0]);
}

/**
 * Returns the step on which a continuous zoom ends: the nearest one in the direction of the zoom, so that a single notch of the wheel
 * moves by a step.
 * @param steps ascending @param began value at the start of the zoom @param now value at its end
 */
export function settledStep(steps: readonly number[], began: number, now: number): number {
  const ratio = (a: number, b: number): number => Math.abs(Math.log(a / b));
  const nearest = (among: readonly number[]): number =>
    among.reduce((best, step) => (ratio(step, now) < ratio(best, now) ? step : best));
  if (ratio(now, began) < Math.log(MIN_ZOOM)) return nearest(steps);
  const ahead = steps.filter((step) => (now > began ? step > began * 1.01 : step < began * 0.99));
  return nearest(ahead.length > 0 ? ahead : steps);
}
