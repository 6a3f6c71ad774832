import { describe, expect, it } from "vitest";
import { batches } from "./batches.ts";
import type { MlflowPoint } from "./mlflow-run.ts";

const point = (step: number, value = 0.5): MlflowPoint => ({ key: "loss", value, timestamp: 1000 + step, step });
const texts = (count: number, length: number) =>
  Array.from({ length: count }, (_, i) => ({ key: `key${i}`, value: "x".repeat(length) }));

describe("batches", () => {
  it("keep to a server's limits, in order, with nothing lost or doubled", () => {
    const params = texts(250, 6000);
    const tags = texts(130, 5000);
    const points = Array.from({ length: 4321 }, (_, step) => point(step));
    const all = batches(params, tags, points);
    for (const batch of all) {
      expect(batch.params.length).toBeLessThanOrEqual(100);
      expect(batch.tags.length).toBeLessThanOrEqual(100);
      expect(batch.params.length + batch.tags.length + batch.metrics.length).toBeLessThanOrEqual(1000);
      expect(Buffer.byteLength(JSON.stringify({ run_id: "0".repeat(32), ...batch }))).toBeLessThan(1e6);
    }
    expect(all.flatMap((batch) => batch.params)).toEqual(params);
    expect(all.flatMap((batch) => batch.tags)).toEqual(tags);
    expect(all.flatMap((batch) => batch.metrics)).toEqual(points);
  });

  it("put a small run into one call, and nothing into none", () => {
    expect(batches(texts(60, 20), texts(20, 20), [point(1), point(2)])).toHaveLength(1);
    expect(batches([], [], [])).toEqual([]);
  });

  it("write what JSON has no number for as protobuf does", () => {
    const [{ metrics }] = batches([], [], [point(1, NaN), point(2, Infinity), point(3, -Infinity)]);
    expect(metrics.map(({ value }) => value)).toEqual(["NaN", "Infinity", "-Infinity"]);
  });
});
