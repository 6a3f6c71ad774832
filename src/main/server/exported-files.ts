/**
 * Exports that a browser saves on its computer: each is written into a temporary folder, and belongs to the session that
 * started it. Its address holds an identifier that can't be guessed, and no path.
 */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { EctopyError } from "../../contract/domain/errors.ts";
import { makeTemporaryFolder } from "../base/temporary.ts";
import { MAX_ZIP_BYTES, MAX_ZIP_FILES, zipStream, type ZipSource } from "../base/zip-stream.ts";

/** An export is deleted after this time. */
export const EXPORT_LIFETIME_MS = 3_600_000;
/** Exports of all sessions at the same time. */
const MAX_EXPORTS = 8;

interface Exported {
  session: string;
  folder: string;
  /** Written paths; null before the export has ended. */
  places: readonly string[] | null;
  timer: NodeJS.Timeout;
}

/** A file to send. */
export interface Download {
  /** Name that the browser gives to the file. */
  name: string;
  /** In bytes; null: unknown before it has been sent. */
  size: number | null;
  open: () => Readable;
}

export class ExportedFiles {
  readonly #exports = new Map<string, Exported>();
  readonly #lifetimeMs: number;

  constructor(lifetimeMs = EXPORT_LIFETIME_MS) {
    this.#lifetimeMs = lifetimeMs;
  }

  /**
   * Makes the folder of an export.
   * @param session digest of the session that may download it
   * @throws EctopyError `invalid-settings`: too many exports at the same time
   */
  begin(session: string): { id: string; folder: string } {
    if (this.#exports.size >= MAX_EXPORTS) {
      const [oldest] = [...this.#exports].find(([, { places }]) => places !== null) ?? [];
      if (oldest === undefined) {
        throw new EctopyError(
          "invalid-settings",
          "Too many exports run at the same time.",
          "Wait until one has ended.",
        );
      }
      void this.end(oldest);
    }
    const id = randomBytes(32).toString("base64url");
    const folder = makeTemporaryFolder("export");
    const timer = setTimeout(() => void this.end(id), this.#lifetimeMs).unref();
    this.#exports.set(id, { session, folder, places: null, timer });
    return { id, folder };
  }

  /** Makes an export available to its session. @param places files and folders that it wrote */
  complete(id: string, places: readonly string[]): void {
    const exported = this.#exports.get(id);
    if (exported !== undefined) exported.places = places;
  }

  /**
   * Returns an export as one file: a single file as it is, several as a ZIP file.
   * @returns null where the session has no such export
   * @throws EctopyError `unsupported`: too large for a ZIP file
   */
  async find(id: string, session: string): Promise<Download | null> {
    const exported = this.#exports.get(id);
    if (exported === undefined || exported.session !== session || exported.places === null) return null;
    const { folder, places } = exported;
    const names = (await Promise.all(places.map((place) => filesBelow(folder, place)))).flat();
    const sources = await Promise.all(names.map((name) => sourceOf(folder, name)));
    const size = sources.reduce((sum, source) => sum + source.size, 0);
    const title = titleOf(places);
    if (sources.length === 1) {
      const [{ name, path }] = sources;
      // A report is known by its run, not as report.html.
      const ending = basename(name).slice(basename(name).lastIndexOf("."));
      return { name: `${title}${ending}`, size, open: () => createReadStream(path) };
    }
    if (size > MAX_ZIP_BYTES || sources.length > MAX_ZIP_FILES) {
      throw new EctopyError(
        "unsupported",
        "The export is too large for a ZIP file.",
        "Export fewer runs, or export into a folder.",
      );
    }
    return { name: `${title}.zip`, size: null, open: () => Readable.from(zipStream(sources)) };
  }

  /** Deletes an export. */
  async end(id: string): Promise<void> {
    const exported = this.#exports.get(id);
    if (exported === undefined) return;
    this.#exports.delete(id);
    clearTimeout(exported.timer);
    await rm(exported.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#exports.keys()].map((id) => this.end(id)));
  }
}

/** `ectopy-run-3-report`, or for several models `ectopy-2-models` */
function titleOf(places: readonly string[]): string {
  return places.length === 1 ? basename(places[0]) : `ectopy-${places.length}-models`;
}

/** Returns the files of a folder, relative to the export's folder, without hidden ones: those are Ectopy's stamps. */
async function filesBelow(folder: string, place: string): Promise<string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort();
}

async function sourceOf(folder: string, name: string): Promise<ZipSource & { size: number }> {
  const path = join(folder, name);
  const { size, mtime } = await stat(path);
  return { name: name.replaceAll(sep, "/"), path, size, modifiedAt: mtime };
}
