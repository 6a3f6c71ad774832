import { expect, it } from "vitest";
import { meanBeat } from "./mean-beat.ts";

it("averages sample by sample", () => {
  expect(meanBeat([Float32Array.of(1, 2), Float32Array.of(3, -2), Float32Array.of(2, 3)])).toEqual(
    Float32Array.of(2, 1),
  );
  expect(meanBeat([])).toBeNull();
});
