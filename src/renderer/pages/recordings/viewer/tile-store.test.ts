import { describe, expect, it } from "vitest";
import { TileStore, type Tile, type TileStoreOptions } from "./tile-store.ts";
import { tileKey, type TileName } from "./tiles.ts";

/** A source whose requests the test answers. */
function source(options: Partial<TileStoreOptions> = {}) {
  const requests: { key: string; answer: (tile: Tile) => void; fail: (error: Error) => void }[] = [];
  const events: unknown[] = [];
  const store = new TileStore({
    length: 1_000_000,
    load: (_range, tile) =>
      new Promise((answer, fail) => {
        requests.push({ key: tileKey(tile), answer, fail });
      }),
    changed: () => events.push("changed"),
    failed: (error) => events.push(error),
    ...options,
  });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  return { store, requests, events, settle };
}

const tiles = (...indices: number[]): TileName[] => indices.map((index) => ({ level: 0, index }));

describe("TileStore", () => {
  it("loads tiles in order, three at a time, each once", async () => {
    const { store, requests, events, settle } = source();
    store.request(tiles(5, 6, 7, 8));
    store.request(tiles(5, 6, 7, 8));
    expect(requests.map(({ key }) => key)).toEqual(["0/5", "0/6", "0/7"]);
    requests[1].answer([]);
    await settle();
    expect(store.get({ level: 0, index: 6 })).toEqual([]);
    expect(events).toEqual(["changed"]);
    expect(requests.map(({ key }) => key)).toEqual(["0/5", "0/6", "0/7", "0/8"]);
    expect(store.complete).toBe(false);
  });

  it("does not load tiles that are no longer requested", async () => {
    const { store, requests, settle } = source();
    store.request(tiles(1, 2, 3, 4));
    store.request(tiles(50));
    requests[0].answer([]);
    await settle();
    expect(requests.map(({ key }) => key)).toEqual(["0/1", "0/2", "0/3", "0/50"]);
  });

  it("drops the tiles that were not requested for the longest time", async () => {
    const { store, requests, settle } = source({ maxTiles: 2, concurrency: 9 });
    store.request(tiles(1, 2));
    requests.forEach(({ answer }) => answer([]));
    await settle();
    store.request(tiles(1, 3));
    requests[2].answer([]);
    await settle();
    expect([1, 2, 3].map((index) => store.get({ level: 0, index }) !== undefined)).toEqual([true, false, true]);
    expect(store.complete).toBe(true);
  });

  it("reports one failure, and loads the tiles at a retry", async () => {
    const { store, requests, events, settle } = source();
    store.request(tiles(1, 2, 3, 4));
    const error = new Error("gone");
    requests[0].fail(error);
    requests[1].fail(error);
    await settle();
    expect(events).toEqual([error]);
    expect(requests).toHaveLength(3);
    requests[2].fail(error);
    await settle();
    store.retry();
    expect(requests.slice(3).map(({ key }) => key)).toEqual(["0/1", "0/2", "0/3"]);
  });

  it("ignores answers after it was closed", async () => {
    const { store, requests, events, settle } = source();
    store.request(tiles(1));
    store.close();
    requests[0].answer([]);
    await settle();
    expect(events).toEqual([]);
    expect(store.get({ level: 0, index: 1 })).toBeUndefined();
  });
});
