/** The 10 s around a beat: the range of samples, RR intervals, and the lines of the leads. */

const CONTEXT_SECONDS = 10;

/** Returns the samples from 5 s before a beat to 5 s after it; at an end of the recording, the range is shorter. */
export function contextRange(sample: number, rate: number): { from: number; to: number } {
  const half = Math.round((CONTEXT_SECONDS / 2) * rate);
  return { from: Math.max(0, sample - half), to: sample + half };
}

/**
 * Returns the RR intervals before and after a beat, in ms; null at an end of the recording.
 * @param samples of all annotations, in order
 * @param beats 1 for a heartbeat
 */
export function rrIntervals(
  samples: ArrayLike<number>,
  beats: ArrayLike<number>,
  sample: number,
  rate: number,
): { before: number | null; after: number | null } {
  let [before, after]: [number | null, number | null] = [null, null];
  for (let i = 0; i < samples.length; i++) {
    if (beats[i] === 0) continue;
    if (samples[i] < sample) before = samples[i];
    else if (samples[i] > sample) {
      after = samples[i];
      break;
    }
  }
  const ms = (from: number, to: number): number => Math.round((1000 * (to - from)) / rate);
  return { before: before === null ? null : ms(before, sample), after: after === null ? null : ms(sample, after) };
}

/** Returns the path of a lead in a box, fitted to its lowest and highest sample; missing samples are gaps. */
export function leadPath(values: Float32Array, width: number, height: number): string {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) if (!Number.isNaN(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const scale = high > low ? height / (high - low) : 0;
  let path = "";
  let isGap = true;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) {
      isGap = true;
      return;
    }
    const [x, y] = [(i * width) / Math.max(1, values.length - 1), height - (value - low) * scale];
    path += `${isGap ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    isGap = false;
  });
  return path;
}
