import fc from "fast-check";
import { expect, it } from "vitest";
import { placeWindows } from "./windows.ts";

const size = fc.integer({ min: 1, max: 20 });

it("places a window at every stride that fits, without padding", () => {
  expect(placeWindows(10, { size: 4, strides: 3, padding: "valid" })).toEqual({ count: 3, before: 0 });
  expect(placeWindows(3, { size: 4, strides: 1, padding: "valid" })).toEqual({ count: 0, before: 0 });
});

it("puts an odd zero after the end, as TensorFlow does", () => {
  expect(placeWindows(10, { size: 4, strides: 1, padding: "same" })).toEqual({ count: 10, before: 1 });
  expect(placeWindows(10, { size: 4, strides: 3, padding: "same" })).toEqual({ count: 4, before: 1 });
});

it("lets every padded window see a sample, and the windows together reach the last one", () => {
  fc.assert(
    fc.property(size, size, size, (time, length, strides) => {
      const { count, before } = placeWindows(time, { size: length, strides, padding: "same" });
      expect(count).toBe(Math.ceil(time / strides));
      for (let i = 0; i < count; i++) {
        const start = i * strides - before;
        expect(start < time && start + length > 0).toBe(true);
      }
      if (length >= strides) expect((count - 1) * strides - before + length).toBeGreaterThanOrEqual(time);
    }),
  );
});
