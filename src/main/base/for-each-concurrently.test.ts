import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { forEachConcurrently } from "./for-each-concurrently.ts";

it("runs every item once, and never more than the limit at the same time", async () => {
  const done: number[] = [];
  let [running, most] = [0, 0];
  await forEachConcurrently([...Array(10).keys()], 3, async (item, index) => {
    most = Math.max(most, ++running);
    await setImmediate();
    running--;
    expect(index).toBe(item);
    done.push(item);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual([...Array(10).keys()]);
  expect(most).toBe(3);
});

it("starts no item after an error, waits for the running ones, and throws the first error", async () => {
  const started: number[] = [];
  const ended: number[] = [];
  let errors = 0;
  const run = forEachConcurrently(
    [0, 1, 2, 3, 4],
    2,
    async (item) => {
      started.push(item);
      await setImmediate();
      if (item === 1) throw new Error("item 1");
      await setImmediate();
      ended.push(item);
    },
    () => errors++,
  );
  await expect(run).rejects.toThrow("item 1");
  expect({ started, ended, errors }).toEqual({ started: [0, 1], ended: [0], errors: 1 });
});

it("does nothing without items", async () => {
  await expect(forEachConcurrently([], 4, () => Promise.reject(new Error("never")))).resolves.toBeUndefined();
});
