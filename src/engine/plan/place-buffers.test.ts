import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeFeed, placeScratch } from "./place-buffers.ts";
import { ALIGNMENT_FLOATS, type KernelCall, type PlanBuffer, type Region } from "./plan.ts";

const buffer = (floats: number, region: Region = "scratch"): PlanBuffer => ({ name: "b", region, floats, offset: -1 });

function call(...buffers: number[]): KernelCall {
  return { kernel: "scale", layer: "", buffers, integers: [], reals: [] };
}

const programs = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 12 }).chain((sizes) =>
  fc.record({
    sizes: fc.constant(sizes),
    calls: fc.array(fc.array(fc.nat(sizes.length - 1), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 12,
    }),
  }),
);

describe("placeScratch", () => {
  it("gives buffers separate memory while both are in use, at cache lines", () => {
    fc.assert(
      fc.property(programs, ({ sizes, calls }) => {
        const buffers = sizes.map((floats) => buffer(floats));
        const size = placeScratch(
          buffers,
          calls.map((used) => call(...used)),
        );
        const lifetimes = buffers.map((_, i) => calls.flatMap((used, k) => (used.includes(i) ? [k] : [])));
        buffers.forEach((a, i) => {
          if (lifetimes[i].length === 0) return;
          expect(a.offset % ALIGNMENT_FLOATS).toBe(0);
          expect(a.offset + a.floats).toBeLessThanOrEqual(size);
          buffers.slice(i + 1).forEach((b, k) => {
            const [x, y] = [lifetimes[i], lifetimes[i + 1 + k]];
            if (y.length === 0 || x.at(-1)! < y[0] || y.at(-1)! < x[0]) return;
            expect(a.offset + a.floats <= b.offset || b.offset + b.floats <= a.offset).toBe(true);
          });
        });
      }),
    );
  });

  it("reuses the memory of a buffer after its last use", () => {
    const buffers = [buffer(16), buffer(16), buffer(16)];
    expect(placeScratch(buffers, [call(0, 1), call(1, 2)])).toBe(32);
    expect(buffers[2].offset).toBe(buffers[0].offset);
  });

  it("leaves other regions alone, and needs no memory without calls", () => {
    const buffers = [buffer(16, "state"), buffer(16, "feed")];
    expect(placeScratch(buffers, [call(0, 1, -1)])).toBe(0);
    expect(buffers.map(({ offset }) => offset)).toEqual([-1, -1]);
  });
});

describe("placeFeed", () => {
  it("places the feed's buffers one after another", () => {
    const buffers = [buffer(3, "feed"), buffer(8), buffer(20, "feed"), buffer(1, "feed")];
    expect(placeFeed(buffers)).toBe(64);
    expect(buffers.map(({ offset }) => offset)).toEqual([0, -1, 16, 48]);
  });
});
