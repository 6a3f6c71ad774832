/**
 * Folders of downloads in the workspace: `downloads/NAME-VERSION` for a whole database, and with a hash for a part of
 * it. A text file beside the folder names the database and the records, so that the download can be resumed later.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import {
  databaseAddressSchema,
  formatDatabaseAddress,
  physioNetDatabases,
  recordPatternsSchema,
  type DatabaseAddress,
  type DownloadState,
} from "../../../contract/domain/physionet.ts";
import { makePrivateFolder, writePrivateFile } from "../../base/private-files.ts";

const storedSchema = z.strictObject({ name: databaseAddressSchema, records: recordPatternsSchema });

export class DownloadPlaces {
  readonly #root: string;

  /** @param workspace the workspace's folder */
  constructor(workspace: string) {
    this.#root = join(workspace, "downloads");
  }

  /** Returns the folder of a download. @param records patterns, as the user wrote them */
  folder(address: DatabaseAddress & { version: string }, records: readonly string[]): string {
    const whole = `${address.name}-${address.version}`;
    if (address.path === "" && records.length === 0) return join(this.#root, whole);
    const part = JSON.stringify([address.path, [...records].sort()]);
    return join(this.#root, `${whole}-${createHash("sha256").update(part).digest("hex").slice(0, 12)}`);
  }

  /** Makes the folder of a download. */
  open(address: DatabaseAddress & { version: string }, records: readonly string[]): string {
    const folder = this.folder(address, records);
    makePrivateFolder(folder);
    const stored = { name: formatDatabaseAddress(address), records: [...records] };
    writePrivateFile(`${folder}.json`, `${JSON.stringify(stored)}\n`);
    return folder;
  }

  async remove(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    await rm(`${folder}.json`, { force: true });
  }

  /** Returns the downloads on the disk, and the described databases without one. */
  async list(): Promise<DownloadState[]> {
    const names = await readdir(this.#root).catch(() => []);
    const found = await Promise.all(names.filter((name) => name.endsWith(".json")).map((name) => this.#read(name)));
    const states = found.filter((state) => state !== null);
    const described = Object.values(physioNetDatabases).map(async ({ name, version }) => ({
      name,
      records: [],
      bytes: await bytesIn(join(this.#root, `${name}-${version}`)),
    }));
    const whole = new Set(Object.values(physioNetDatabases).map(({ name, version }) => `${name}/${version}`));
    const others = states.filter(({ name, records }) => records.length > 0 || !whole.has(name));
    return [...(await Promise.all(described)), ...others];
  }

  async #read(file: string): Promise<DownloadState | null> {
    try {
      const stored = storedSchema.parse(JSON.parse(await readFile(join(this.#root, file), "utf8")));
      const bytes = await bytesIn(join(this.#root, basename(file, ".json")));
      return bytes === 0 ? null : { ...stored, bytes };
    } catch {
      return null; // Not written completely: the next download of it writes the file again.
    }
  }
}

/** Returns the bytes of all files below a folder; 0 where it does not exist. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  let sum = 0;
  for (const entry of entries) {
    if (entry.isFile()) sum += (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
  }
  return sum;
}
