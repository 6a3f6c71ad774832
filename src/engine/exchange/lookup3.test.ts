import { expect, it } from "vitest";
import { lookup3 } from "./lookup3.ts";

it.for<[string, number]>([
  // From the tests in lookup3.c (driver5).
  ["", 0xdeadbeef],
  ["Four score and seven years ago", 0x17770551],
])("hashes “%s” like Jenkins' program", ([text, hash]) => {
  expect(lookup3(new TextEncoder().encode(text))).toBe(hash);
});

it("hashes bytes at any position of their buffer", () => {
  const bytes = new TextEncoder().encode("...Four score and seven years ago");
  expect(lookup3(bytes.subarray(3))).toBe(0x17770551);
});
