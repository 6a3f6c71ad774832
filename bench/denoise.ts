/**
 * Denoising time per beat, in microseconds, on one core, for generated beats.
 *
 *     node bench/denoise.ts
 */
import { createDenoiser } from "../src/pipeline/signal/denoise.ts";
import { randomStream } from "../src/pipeline/random.ts";

const LENGTH = 360;
const BEATS = 5_000;
const ROUNDS = 12;

/**
 * Returns beats with a QRS-like bump and waves beside it, baseline wander, mains hum and noise, in mV at 200 units per
 * mV.
 */
function makeBeats(): Float64Array {
  const random = randomStream(1, "bench");
  const bump = (t: number, at: number, width: number): number => Math.exp(-(((t - at) / width) ** 2));
  return Float64Array.from({ length: BEATS * LENGTH }, (_, i) => {
    const t = i % LENGTH;
    const beat = 0.15 * bump(t, 110, 12) + 1.2 * bump(t, 180, 5) - 0.3 * bump(t, 190, 6) + 0.3 * bump(t, 270, 25);
    const rest = 0.2 * Math.sin(i / 400) + 0.01 * Math.sin((2 * Math.PI * 60 * i) / LENGTH) + 0.015 * random.normal();
    return Math.round(200 * (beat + rest)) / 200;
  });
}

/** Returns the time of the fastest of several rounds, the one least disturbed by other work. */
function fastest(work: () => void): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const beats = makeBeats();
const rows = new Float32Array(beats.length);
for (const [wavelet, levels] of [
  ["db4", 7],
  ["db1", 7],
  ["db6", 5],
  ["db20", 4],
] as const) {
  const denoiser = createDenoiser({ wavelet, levels, threshold: "soft" }, LENGTH);
  const milliseconds = fastest(() => {
    for (let start = 0; start < rows.length; start += LENGTH) denoiser.denoise(beats, start, rows, start);
  });
  console.log(`${wavelet}, ${levels} levels: ${((milliseconds * 1000) / BEATS).toFixed(2)} µs per beat of ${LENGTH}`);
}

const record = beats.subarray(0, 650_000);
const denoised = new Float64Array(record.length);
const denoiser = createDenoiser({ wavelet: "db4", levels: 7, threshold: "soft" }, record.length);
const milliseconds = fastest(() => denoiser.denoise(record, 0, denoised, 0));
console.log(`db4, 7 levels: ${milliseconds.toFixed(1)} ms per record of ${record.length}`);
