import { expect, it } from "vitest";
import { LruCache } from "./lru-cache.ts";

function countingCache(maxValues: number): { get: (key: string) => string; computed: string[] } {
  const cache = new LruCache<string, string>(maxValues);
  const computed: string[] = [];
  const compute = (key: string) => (): string => {
    computed.push(key);
    return `value of ${key}`;
  };
  return { get: (key) => cache.get(key, compute(key)), computed };
}

it("computes a value once", () => {
  const { get, computed } = countingCache(2);
  expect([get("a"), get("a")]).toEqual(["value of a", "value of a"]);
  expect(computed).toEqual(["a"]);
});

it("removes the least recently used value", () => {
  const { get, computed } = countingCache(2);
  for (const key of ["a", "b", "a", "c", "a", "b"]) get(key);
  expect(computed).toEqual(["a", "b", "c", "b"]);
});

it("keeps nothing where the computation throws", () => {
  const cache = new LruCache<string, number>(2);
  const fail = (): number => {
    throw new Error("The file cannot be read.");
  };
  expect(() => cache.get("a", fail)).toThrow("cannot be read");
  expect(cache.get("a", () => 1)).toBe(1);
});
