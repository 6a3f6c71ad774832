import { describe, expect, it } from "vitest";
import { TileStore, type Tile, type TileStoreOptions } from "./tile-store.ts";
import { tileKey, type TileName } from "./tiles.ts";

/** A source whose answers come when the test says so. */
function source(options: Partial<TileStoreOptions> = {}) {
  const asked: { key: string; answer: (tile: Tile) => void; fail: (error: Error) => void }[] = [];
  const told: unknown[] = [];
  const store = new TileStore({
    length: 1_000_000,
    load: (_range, tile) =>
      new Promise((answer, fail) => {
        asked.push({ key: tileKey(tile), answer, fail });
      }),
    changed: () => told.push("changed"),
    failed: (error) => told.push(error),
    ...options,
  });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  return { store, asked, told, settle };
}

const tiles = (...indices: number[]): TileName[] => indices.map((index) => ({ level: 0, index }));

describe("tiles that come when they are wanted", () => {
  it("are asked for in order, three at a time, each once", async () => {
    const { store, asked, told, settle } = source();
    store.want(tiles(5, 6, 7, 8));
    store.want(tiles(5, 6, 7, 8));
    expect(asked.map(({ key }) => key)).toEqual(["0/5", "0/6", "0/7"]);
    asked[1].answer([]);
    await settle();
    expect(store.get({ level: 0, index: 6 })).toEqual([]);
    expect(told).toEqual(["changed"]);
    expect(asked.map(({ key }) => key)).toEqual(["0/5", "0/6", "0/7", "0/8"]);
    expect(store.complete).toBe(false);
  });

  it("that are no longer wanted are not asked for", async () => {
    const { store, asked, settle } = source();
    store.want(tiles(1, 2, 3, 4));
    store.want(tiles(50));
    asked[0].answer([]);
    await settle();
    expect(asked.map(({ key }) => key)).toEqual(["0/1", "0/2", "0/3", "0/50"]);
  });

  it("are let go of, the longest unwanted first", async () => {
    const { store, asked, settle } = source({ kept: 2, atOnce: 9 });
    store.want(tiles(1, 2));
    asked.forEach(({ answer }) => answer([]));
    await settle();
    store.want(tiles(1, 3));
    asked[2].answer([]);
    await settle();
    expect([1, 2, 3].map((index) => store.get({ level: 0, index }) !== undefined)).toEqual([true, false, true]);
    expect(store.complete).toBe(true);
  });

  it("fail once, and come when it is tried again", async () => {
    const { store, asked, told, settle } = source();
    store.want(tiles(1, 2, 3, 4));
    const error = new Error("gone");
    asked[0].fail(error);
    asked[1].fail(error);
    await settle();
    expect(told).toEqual([error]);
    expect(asked).toHaveLength(3);
    asked[2].fail(error);
    await settle();
    store.retry();
    expect(asked.slice(3).map(({ key }) => key)).toEqual(["0/1", "0/2", "0/3"]);
  });

  it("of a record that was left are thrown away", async () => {
    const { store, asked, told, settle } = source();
    store.want(tiles(1));
    store.close();
    asked[0].answer([]);
    await settle();
    expect(told).toEqual([]);
    expect(store.get({ level: 0, index: 1 })).toBeUndefined();
  });
});
