/** Compares batches of the kernels (native/fill-rows.cpp) with those of src/pipeline/beats/batches.ts. */
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { batchFiller } from "../../src/engine/training/fill-batch.ts";
import type { NetworkSpec } from "../../src/contract/domain/networks.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import type { ExampleSource } from "../../src/pipeline/beats/batches.ts";
import { NO_KERNELS } from "../support/tiny-training.ts";

const addon = findCpuAddon();
const fillRows = addon === null ? null : loadCpuBackend(addon).fillRows;
beforeEach((ctx) => {
  if (fillRows === null) ctx.skip(NO_KERNELS);
});

const float = fc.float({ noNaN: true });
const sources = fc
  .record({
    length: fc.integer({ min: 1, max: 70 }),
    real: fc.integer({ min: 1, max: 9 }),
    made: fc.integer({ min: 0, max: 9 }),
  })
  .chain(({ length, real, made }) => {
    const rows = fc.array(fc.nat(real - 1), { minLength: made, maxLength: made });
    const numbers = (constraint: fc.Arbitrary<number>, count: number): fc.Arbitrary<number[]> =>
      fc.array(constraint, { minLength: count, maxLength: count });
    return fc.record({
      values: numbers(float, real * length),
      lambda: numbers(fc.float({ min: 0, max: 1, noNaN: true }), made),
      base: rows,
      neighbour: rows,
      classes: numbers(fc.nat(255), real + made),
      order: fc.array(fc.nat(real + made - 1), { maxLength: 20 }),
      length: fc.constant(length),
      realCount: fc.constant(real),
    });
  });

const network: Pick<NetworkSpec, "layers"> = {
  layers: [
    { id: "beat", kind: "flatten" },
    { id: "rhythm-dense", kind: "dense", units: 1, activation: "relu", inputs: ["rhythm"] },
  ],
};

function made(
  fillRows: Backend["fillRows"],
  source: ExampleSource,
  order: Uint32Array,
): { inputs: Float32Array[]; classes: Int32Array } {
  const inputs = [source.length, source.features!.count].map((size) => new Float32Array(order.length * size));
  const classes = new Int32Array(order.length);
  batchFiller({ fillRows }, network)(source, order, inputs, classes);
  return { inputs, classes };
}

describe("batches made by the kernels", () => {
  it("equal those made in JavaScript, bit for bit", () => {
    fc.assert(
      fc.property(sources, ({ values, lambda, base, neighbour, classes, order, length, realCount }) => {
        const source: ExampleSource = {
          values: Float32Array.from(values),
          classes: Uint8Array.from(classes),
          recipe: {
            base: Uint32Array.from(base),
            neighbour: Uint32Array.from(neighbour),
            lambda: Float32Array.from(lambda),
          },
          length,
          realCount,
          // The same values in rows of one, where the beats have several.
          features: { values: Float32Array.from(values).subarray(0, realCount), count: 1 },
        };
        const examples = Uint32Array.from(order);
        const ours = made(fillRows, source, examples);
        const plain = made(null, source, examples);
        expect(ours.classes).toEqual(plain.classes);
        // Compared as bits: 0 and −0 differ, and NaN equals NaN.
        expect(ours.inputs).toEqual(plain.inputs);
      }),
      { numRuns: 500 },
    );
  });

  it("refuse missing rows", () => {
    const values = new Float32Array(6);
    const [one, none] = [Uint32Array.of(1), new Uint32Array(0)];
    const lambda = Float32Array.of(0.5);
    const fill = (examples: Uint32Array, out = new Float32Array(3), neighbour = one): void =>
      fillRows!(values, 3, one, neighbour, lambda, examples, out);
    expect(() => fill(Uint32Array.of(2))).not.toThrow();
    expect(() => fill(Uint32Array.of(3))).toThrow(RangeError);
    expect(() => fill(Uint32Array.of(2), undefined, Uint32Array.of(2))).toThrow(RangeError);
    expect(() => fill(Uint32Array.of(2), undefined, none)).toThrow(RangeError);
    expect(() => fill(Uint32Array.of(0, 1))).toThrow(RangeError);
    expect(() => fillRows!(values, 0, one, one, lambda, none, values)).toThrow(RangeError);
    expect(() => fillRows!(values, 3, one, one, lambda, new Int32Array(1) as unknown as Uint32Array, values)).toThrow(
      RangeError,
    );
  });
});
