/**
 * Manifest of a stored folder: its content in the database, and the size and SHA-256 of each file in it.
 *
 * It serves two purposes. Damage is found by comparing the files with their hashes. And a folder whose row the database
 * lost (a restored backup is older than the folder) is registered again from its manifest.
 *
 * The manifest contains a hash of its text, so that damage to it is distinguished from damage to the files.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync, writeFileSync } from "node:fs";
import { open, stat, type FileHandle } from "node:fs/promises";
import { join, sep } from "node:path";
import { z } from "zod";
import { LruCache } from "../base/lru-cache.ts";
import { manifestContentSchema, type ManifestContent } from "./manifest-content.ts";
import { withTodaysNames } from "./stored-names.ts";

export const MANIFEST_FILE = "manifest.json";
/** Format of new manifests. Format 1 had other names in its content (stored-names.ts). */
const MANIFEST_FORMAT = 2;
const MAX_MANIFEST_BYTES = 200_000_000;
const READ_BLOCK_BYTES = 1 << 20;

const storedFileSchema = z.strictObject({
  /** Path relative to the folder, with `/` as separator. */
  name: z.string().min(1),
  bytes: z.int().min(0),
  /** Hash in hexadecimal. */
  sha256: z.string().length(64),
});
export type StoredFile = Readonly<z.infer<typeof storedFileSchema>>;

const manifestSchema = z.object({
  format: z.literal(MANIFEST_FORMAT),
  id: z.int().min(1),
  files: z.array(storedFileSchema.readonly()),
  content: manifestContentSchema,
});
export interface Manifest {
  id: number;
  files: readonly StoredFile[];
  content: ManifestContent;
}

/** Damage of a file in a stored folder. */
export interface FileDamage {
  name: string;
  problem: "missing" | "size" | "content";
}

/** Writes the manifest into a folder whose files are complete. */
export function writeManifest(folder: string, { id, files, content }: Manifest): void {
  const text = JSON.stringify({ format: MANIFEST_FORMAT, id, files, content });
  writeFileSync(join(folder, MANIFEST_FILE), `${HEAD}${sha256(text)}${MIDDLE}${text}${TAIL}`, { mode: 0o600 });
}

const HEAD = '{"sha256":"';
const MIDDLE = '","manifest":';
const TAIL = "}\n";

/** Returns the manifest of a folder: undefined if there is none, `"damaged"` if its text has changed. */
export function readManifest(folder: string): Manifest | "damaged" | undefined {
  const path = join(folder, MANIFEST_FILE);
  let text: string;
  try {
    if (statSync(path).size > MAX_MANIFEST_BYTES) return "damaged";
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return;
    throw error;
  }
  const hash = text.slice(HEAD.length, HEAD.length + 64);
  const body = text.slice(HEAD.length + 64 + MIDDLE.length, -TAIL.length);
  if (text !== `${HEAD}${hash}${MIDDLE}${body}${TAIL}` || sha256(body) !== hash) return "damaged";
  try {
    const { data } = manifestSchema.safeParse(JSON.parse(convertToThisFormat(body)));
    return data ?? "damaged";
  } catch {
    return "damaged"; // The hash fits, but the text is no JSON.
  }
}

const FORMAT_1 = '{"format":1,';

function convertToThisFormat(body: string): string {
  if (!body.startsWith(FORMAT_1)) return body;
  return `{"format":${MANIFEST_FORMAT},${withTodaysNames(body.slice(FORMAT_1.length))}`;
}

export function hasManifest(folder: string): boolean {
  return existsSync(join(folder, MANIFEST_FILE));
}

/** Returns name, size and SHA-256 of every file below a folder except its manifest, in the order of the names. */
export function hashFolder(folder: string): StoredFile[] {
  return filesBelow(folder)
    .filter((name) => name !== MANIFEST_FILE)
    .map((name) => ({ name, ...hashFile(join(folder, name)) }));
}

/**
 * Does the same as {@link hashFolder}, in blocks, so that the thread stays responsive.
 * @throws the signal's reason if it is aborted
 */
export async function hashFolderInBlocks(folder: string, reading: Reading): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const name of filesBelow(folder).filter((each) => each !== MANIFEST_FILE)) {
    const path = join(folder, name);
    const hash = await hashInBlocks(path, reading);
    if (hash !== undefined) files.push({ name, bytes: statSync(path).size, sha256: hash });
  }
  return files;
}

/** Returns the files that differ from the manifest in their size or, with `content`, in their hash. */
export function findDamage(folder: string, files: readonly StoredFile[], check: "size" | "content"): FileDamage[] {
  return files.flatMap(({ name, bytes, sha256: expected }): FileDamage[] => {
    const path = join(folder, name);
    try {
      const stats = statSync(path);
      if (!stats.isFile()) return [{ name, problem: "missing" }];
      if (stats.size !== bytes) return [{ name, problem: "size" }];
      if (check === "content" && hashFile(path).sha256 !== expected) return [{ name, problem: "content" }];
      return [];
    } catch (error) {
      const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
      return [{ name, problem: missing ? "missing" : "content" }];
    }
  });
}

/** Progress and cancellation of reading many files. */
export interface Reading {
  signal: AbortSignal;
  /** Called with the number of bytes of each block. */
  onBytes: (bytes: number) => void;
}

/**
 * Does the same as {@link findDamage} with `content`, in blocks, so that the thread stays responsive.
 * @throws the signal's reason if it is aborted
 */
export async function verifyFiles(
  folder: string,
  files: readonly StoredFile[],
  reading: Reading,
): Promise<FileDamage[]> {
  const damage: FileDamage[] = [];
  for (const { name, bytes, sha256: expected } of files) {
    const path = join(folder, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isFile() !== true) damage.push({ name, problem: "missing" });
    else if (stats.size !== bytes) damage.push({ name, problem: "size" });
    else if ((await hashInBlocks(path, reading)) !== expected) damage.push({ name, problem: "content" });
  }
  return damage;
}

/**
 * Returns whether bytes that were read from a stored folder are the stored ones; true if the manifest does not name the
 * file.
 * @param content all bytes of the file, or its pieces in order
 */
export function isAsStored(folder: string, name: string, content: Uint8Array | Iterable<Uint8Array>): boolean {
  const stored = storedFiles(folder).get(name);
  if (stored === undefined) return true;
  const hash = createHash("sha256");
  let bytes = 0;
  for (const piece of content instanceof Uint8Array ? [content] : content) {
    hash.update(piece);
    bytes += piece.length;
  }
  return bytes === stored.bytes && hash.digest("hex") === stored.sha256;
}

/** Files of the manifests that were read last, by folder and version: the records of a dataset are read one by one. */
const MAX_KNOWN_MANIFESTS = 16;
const knownFiles = new LruCache<string, ReadonlyMap<string, StoredFile>>(MAX_KNOWN_MANIFESTS);

function storedFiles(folder: string): ReadonlyMap<string, StoredFile> {
  const stats = statSync(join(folder, MANIFEST_FILE), { throwIfNoEntry: false });
  if (stats === undefined) return new Map();
  return knownFiles.get(`${folder}\n${stats.ino} ${stats.mtimeMs} ${stats.size}`, () => {
    const manifest = readManifest(folder);
    const files = manifest === undefined || manifest === "damaged" ? [] : manifest.files;
    return new Map(files.map((file) => [file.name, file]));
  });
}

/** Returns the SHA-256 of bytes or of UTF-8 text, in hexadecimal. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function hashFile(path: string): { bytes: number; sha256: string } {
  const hash = createHash("sha256");
  const block = new Uint8Array(READ_BLOCK_BYTES);
  const descriptor = openSync(path, "r");
  try {
    let bytes = 0;
    for (;;) {
      const count = readSync(descriptor, block, 0, block.length, null);
      if (count === 0) return { bytes, sha256: hash.digest("hex") };
      hash.update(block.subarray(0, count));
      bytes += count;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Hashes a file in blocks. @returns undefined if the file cannot be read to its end */
async function hashInBlocks(path: string, { signal, onBytes }: Reading): Promise<string | undefined> {
  const hash = createHash("sha256");
  const block = new Uint8Array(READ_BLOCK_BYTES);
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(block, 0, block.length, null);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(block.subarray(0, bytesRead));
      onBytes(bytesRead);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  } finally {
    await file?.close();
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll(sep, "/"),
    )
    .sort();
}
