import fc from "fast-check";
import { expect, it } from "vitest";
import { decimalOf } from "./decimal-text.ts";

it("reads the numbers that JavaScript writes", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(decimalOf(String(value))).toBe(value + 0);
    }),
    { seed: 1 },
  );
});

it.each(["", "1,5", " 1", "0x10", "Infinity", "1e999", "1.2.3", "."])("takes %j for no number", (text) => {
  expect(decimalOf(text)).toBeNull();
});

it("refuses a long text at once", () => {
  // A pattern that backtracks would need 10¹² steps.
  expect(decimalOf(`${"1".repeat(1_000_000)}x`)).toBeNull();
});
