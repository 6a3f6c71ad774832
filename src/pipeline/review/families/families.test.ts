import { describe, expect, it } from "vitest";
import type { Signal } from "../../../contract/domain/recordings.ts";
import { randomStream } from "../../random.ts";
import { align, MAX_SHIFT, SHAPE_POINTS, shapeReader, writeShape } from "./beat-shapes.ts";
import { familyOf, findTemplates, MAX_FAMILIES } from "./group-beats.ts";
import { mapAxes, project } from "./map-beats.ts";
import { splitBeats } from "./split-beats.ts";

const RATE = 250;
const GAIN = 200;
/** A narrow complex, a wide inverted one, and a high narrow one: mV at seconds from the R-peak. */
const shapes: readonly ((t: number) => number)[] = [
  (t) => Math.exp(-((t / 0.012) ** 2)) - 0.2 * Math.exp(-(((t - 0.03) / 0.012) ** 2)),
  (t) => -1.5 * Math.exp(-((t / 0.05) ** 2)) + 0.6 * Math.exp(-(((t - 0.12) / 0.04) ** 2)),
  (t) => 3 * (Math.exp(-((t / 0.012) ** 2)) - 0.2 * Math.exp(-(((t - 0.03) / 0.012) ** 2))),
];

/** A recording with a beat a second, each of the shape that `shapeAt` gives; the baseline wanders. */
function record(
  shapeAt: readonly number[],
  shift = (_beat: number): number => 0,
): { signals: Signal[]; samples: Int32Array } {
  const random = randomStream(1, "families");
  const samples = Int32Array.from(shapeAt, (_, i) => i * RATE + RATE / 2 + shift(i));
  const values = Int16Array.from({ length: shapeAt.length * RATE }, (_, at) => {
    const beat = Math.floor(at / RATE);
    const t = (at - beat * RATE - RATE / 2) / RATE;
    return Math.round(GAIN * (shapes[shapeAt[beat]](t) + 0.5 * Math.sin(at / 700) + 0.0002 * (random.below(100) - 50)));
  });
  return { samples, signals: [{ lead: "II", units: "mV", gain: GAIN, baseline: 0, rate: RATE, samples: values }] };
}

const order = Array.from({ length: 60 }, (_, i) => (i % 5 === 4 ? 1 : i % 7 === 6 ? 2 : 0));

describe("shapes", () => {
  it("do not depend on the baseline, and are aligned where the annotator's R-peak differs", () => {
    const { samples, signals } = record([0, 0, 0], (beat) => (beat === 1 ? 4 : 0));
    const read = shapeReader(signals, RATE);
    const first = new Float64Array(SHAPE_POINTS);
    writeShape(read(samples[0]), 0, first);
    expect(Math.abs(first.reduce((a, b) => a + b))).toBeLessThan(1e-9);
    const unit = first.map((value) => value / Math.hypot(...first));
    // 4 samples at 250 Hz are two points.
    const { correlation, shift } = align(read(samples[1]), unit);
    expect(shift).toBe(-2);
    expect(correlation).toBeGreaterThan(0.99);
  });

  it("exist at both ends of a recording and in gaps", () => {
    const { signals } = record([0, 0]);
    signals[0].samples.fill(-32768, RATE, 2 * RATE);
    const read = shapeReader(signals, RATE);
    for (const sample of [0, RATE - 1, RATE + 50, 2 * RATE - 1]) {
      const shape = read(sample);
      expect([...shape.values, ...shape.norms].every(Number.isFinite)).toBe(true);
      expect(shape.norms).toHaveLength(2 * MAX_SHIFT + 1);
    }
  });
});

describe("families", () => {
  it("have the beats of one shape and amplitude", () => {
    const { samples, signals } = record(order);
    const read = shapeReader(signals, RATE);
    const templates = findTemplates(samples, read);
    expect(templates.families).toHaveLength(3);
    const found = [...samples].map((sample) => familyOf(read(sample), templates).family);
    for (const [i, family] of found.entries()) {
      expect(found.map((each) => each === family)).toEqual(order.map((each) => each === order[i]));
    }
  });

  it("are the same each time, and none without beats", () => {
    const { samples, signals } = record(order);
    expect(findTemplates(samples, shapeReader(signals, RATE))).toEqual(
      findTemplates(samples, shapeReader(signals, RATE)),
    );
    expect(findTemplates(new Int32Array(), shapeReader(signals, RATE)).families).toEqual([]);
  });

  it("stay few in noise", () => {
    const random = randomStream(2, "noise");
    const noise = Int16Array.from({ length: 400 * RATE }, () => random.below(400) - 200);
    const signals = [{ lead: "II", units: "mV", gain: GAIN, baseline: 0, rate: RATE, samples: noise }];
    const samples = Int32Array.from({ length: 399 }, (_, i) => i * RATE + 100);
    expect(findTemplates(samples, shapeReader(signals, RATE)).families.length).toBeLessThanOrEqual(MAX_FAMILIES);
  });
});

it("splits beats into two by shape, and returns the smaller half", () => {
  const { samples, signals } = record(order);
  const both = samples.filter((_, i) => order[i] !== 2);
  const wide = samples.filter((_, i) => order[i] === 1);
  expect([...splitBeats(both, shapeReader(signals, RATE))]).toEqual([...wide]);
});

it("does not split a single beat, nor a flat line", () => {
  const { samples, signals } = record([0]);
  expect(splitBeats(samples, shapeReader(signals, RATE))).toHaveLength(0);
  signals[0].samples.fill(0);
  expect(splitBeats(Int32Array.of(50, 100, 150), shapeReader(signals, RATE))).toHaveLength(0);
});

it("maps beats of one shape near each other, and those of others away from them", () => {
  const { samples, signals } = record(order);
  const read = shapeReader(signals, RATE);
  const axes = mapAxes(
    samples,
    order.map((family) => ({ family, shift: 0 })),
    read,
  )!;
  const values = new Float64Array(SHAPE_POINTS);
  const places = [...samples].map((sample) => {
    writeShape(read(sample), 0, values);
    return project(axes, values);
  });
  const centres = [0, 1, 2].map((family) => {
    const own = places.filter((_, i) => order[i] === family);
    return [0, 1].map((axis) => own.reduce((sum, place) => sum + place[axis], 0) / own.length);
  });
  for (const [i, [x, y]] of places.entries()) {
    const distances = centres.map(([cx, cy]) => Math.hypot(x - cx, y - cy));
    expect(distances.indexOf(Math.min(...distances))).toBe(order[i]);
  }
  expect(mapAxes(new Int32Array(), [], read)).toBeNull();
});
