/**
 * Tiles of one record, fetched as they are wanted, the latest kept: the wanted first, a few at a time, so that what was wanted a
 * second ago never stands in the way of what is wanted now.
 */
import { tileKey, tileRange, type TileName } from "./tiles.ts";
import type { Stretch } from "./traces.ts";

/** Of each lead. */
export type Tile = Stretch[];

export type LoadTile = (range: { from: number; to: number; columns: number }, tile: TileName) => Promise<Tile>;

export interface TileStoreOptions {
  load: LoadTile;
  /** Samples of the record. */
  length: number;
  /** Called when a tile has come. */
  changed: () => void;
  failed: (error: unknown) => void;
  /** Tiles kept: of two leads, 128 kB each. */
  kept?: number;
  atOnce?: number;
}

export class TileStore {
  readonly #options: Required<TileStoreOptions>;
  readonly #tiles = new Map<string, Tile>();
  readonly #loading = new Set<string>();
  #wanted: readonly TileName[] = [];
  #stopped = false;

  constructor(options: TileStoreOptions) {
    this.#options = { kept: 160, atOnce: 3, ...options };
  }

  get(tile: TileName): Tile | undefined {
    return this.#tiles.get(tileKey(tile));
  }

  /** Whether all that is wanted is there. */
  get complete(): boolean {
    return this.#wanted.every((tile) => this.#tiles.has(tileKey(tile)));
  }

  /** From now on these, in this order, and no others. */
  want(tiles: readonly TileName[]): void {
    this.#wanted = tiles;
    // The latest wanted last: a map keeps the order in which its keys were put in.
    for (const tile of tiles.toReversed()) {
      const key = tileKey(tile);
      const there = this.#tiles.get(key);
      if (!there) continue;
      this.#tiles.delete(key);
      this.#tiles.set(key, there);
    }
    this.#fetch();
  }

  /** After a failure: tries again. */
  retry(): void {
    this.#stopped = false;
    this.#fetch();
  }

  /** What still comes is thrown away. */
  close(): void {
    this.#stopped = true;
    this.#wanted = [];
    this.#tiles.clear();
  }

  #fetch(): void {
    for (const tile of this.#wanted) {
      if (this.#stopped || this.#loading.size >= this.#options.atOnce) return;
      const key = tileKey(tile);
      if (!this.#tiles.has(key) && !this.#loading.has(key)) void this.#load(tile, key);
    }
  }

  async #load(tile: TileName, key: string): Promise<void> {
    const { load, length, changed, failed, kept } = this.#options;
    this.#loading.add(key);
    try {
      const loaded = await load(tileRange(tile, length), tile);
      if (this.#stopped) return;
      this.#tiles.set(key, loaded);
      for (const oldest of this.#tiles.keys()) {
        if (this.#tiles.size <= kept) break;
        this.#tiles.delete(oldest);
      }
      changed();
    } catch (error) {
      if (this.#stopped) return;
      // One failure is told; the rest waits for someone to try again.
      this.#stopped = true;
      failed(error);
    } finally {
      this.#loading.delete(key);
      this.#fetch();
    }
  }
}
