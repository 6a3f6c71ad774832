/**
 * Loads and caches the tiles of one recording. It loads the requested tiles in order, a few at a time, so that tiles of
 * an earlier view never delay tiles of the current view.
 */
import { tileKey, tileRange, type TileName } from "./tiles.ts";
import type { Stretch } from "./traces.ts";

/** The envelope of each lead. */
export type Tile = Stretch[];

export type LoadTile = (range: { from: number; to: number; columns: number }, tile: TileName) => Promise<Tile>;

export interface TileStoreOptions {
  load: LoadTile;
  /** Length of the recording, in samples. */
  length: number;
  /** Called when a tile was loaded. */
  changed: () => void;
  failed: (error: unknown) => void;
  /** Maximum number of cached tiles: for two leads, 128 kB each. */
  maxTiles?: number;
  concurrency?: number;
}

export class TileStore {
  readonly #options: Required<TileStoreOptions>;
  readonly #tiles = new Map<string, Tile>();
  readonly #loading = new Set<string>();
  #requested: readonly TileName[] = [];
  #stopped = false;

  constructor(options: TileStoreOptions) {
    this.#options = { maxTiles: 160, concurrency: 3, ...options };
  }

  get(tile: TileName): Tile | undefined {
    return this.#tiles.get(tileKey(tile));
  }

  /** Whether all requested tiles are loaded. */
  get complete(): boolean {
    return this.#requested.every((tile) => this.#tiles.has(tileKey(tile)));
  }

  /** Requests these tiles, in this order, instead of the earlier ones. */
  request(tiles: readonly TileName[]): void {
    this.#requested = tiles;
    // Moves requested tiles to the end: a map keeps the insertion order of its keys.
    for (const tile of tiles.toReversed()) {
      const key = tileKey(tile);
      const there = this.#tiles.get(key);
      if (!there) continue;
      this.#tiles.delete(key);
      this.#tiles.set(key, there);
    }
    this.#loadNext();
  }

  /** Loads the requested tiles again after a failure. */
  retry(): void {
    this.#stopped = false;
    this.#loadNext();
  }

  /** Ends loading; later answers are ignored. */
  close(): void {
    this.#stopped = true;
    this.#requested = [];
    this.#tiles.clear();
  }

  #loadNext(): void {
    for (const tile of this.#requested) {
      if (this.#stopped || this.#loading.size >= this.#options.concurrency) return;
      const key = tileKey(tile);
      if (!this.#tiles.has(key) && !this.#loading.has(key)) void this.#load(tile, key);
    }
  }

  async #load(tile: TileName, key: string): Promise<void> {
    const { load, length, changed, failed, maxTiles } = this.#options;
    this.#loading.add(key);
    try {
      const loaded = await load(tileRange(tile, length), tile);
      if (this.#stopped) return;
      this.#tiles.set(key, loaded);
      for (const oldest of this.#tiles.keys()) {
        if (this.#tiles.size <= maxTiles) break;
        this.#tiles.delete(oldest);
      }
      changed();
    } catch (error) {
      if (this.#stopped) return;
      // Only the first failure is reported; loading continues after a retry.
      this.#stopped = true;
      failed(error);
    } finally {
      this.#loading.delete(key);
      this.#loadNext();
    }
  }
}
