import { expect, it } from "vitest";
import { testSetHash } from "./test-set-hash.ts";

const table = {
  records: ["100", "101"],
  labels: ["N", "V"],
  record: Uint32Array.of(0, 0, 1, 1),
  sample: Uint32Array.of(1000, 2000, 1000, 2000),
  classes: Uint8Array.of(0, 1, 0, 1),
};
const tested = (...test: number[]) => ({
  sets: { train: new Uint32Array(), validation: new Uint32Array(), test: Uint32Array.from(test) },
  realCount: 4,
});
const hash = testSetHash(table, tested(1, 2))!;

it("is the same for the same beats in another order, of a table with another training set", () => {
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(testSetHash(table, tested(2, 1))).toBe(hash);
  const more = {
    records: ["99", "100", "101"],
    labels: ["N", "V"],
    record: Uint32Array.of(0, 1, 2),
    sample: Uint32Array.of(7, 2000, 1000),
    classes: Uint8Array.of(0, 1, 0),
  };
  expect(testSetHash(more, { ...tested(1, 2), realCount: 3 })).toBe(hash);
});

it("differs for another beat, another class of a beat, and other classes", () => {
  expect(testSetHash(table, tested(1, 3))).not.toBe(hash);
  expect(testSetHash(table, tested(1))).not.toBe(hash);
  expect(testSetHash({ ...table, classes: Uint8Array.of(0, 0, 0, 1) }, tested(1, 2))).not.toBe(hash);
  expect(testSetHash({ ...table, labels: ["N", "V", "x"] }, tested(1, 2))).not.toBe(hash);
});

it("is undefined where a test beat is synthetic", () => {
  expect(testSetHash(table, tested(1, 4))).toBeUndefined();
});
