/**
 * Files that a browser sends before they are imported: each upload is a temporary folder, filled file by file, within
 * limits, and removed after the import, when the upload was given up, or when the server ends.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { makeTemporaryFolder } from "../base/temporary.ts";
import { problemWithName } from "../base/user-path.ts";

export interface UploadLimits {
  /** Limit on the bytes of one file, and of all files of an upload. */
  file: number;
  total: number;
  files: number;
  /** Uploads at the same time. */
  uploads: number;
}

export const defaultUploadLimits: UploadLimits = { file: 16e9, total: 32e9, files: 20_000, uploads: 4 };

interface Upload {
  folder: string;
  bytes: number;
  files: number;
  /** Time of the last data, in ms. */
  touched: number;
}

/** An upload without data for this time is deleted. */
const MAX_IDLE_MS = 3_600_000;
const MAX_DEPTH = 8;
/** Bytes over a file's limit that are read and dropped. */
const MAX_DROPPED_BYTES = 1e9;

export class Uploads {
  readonly #limits: UploadLimits;
  readonly #uploads = new Map<string, Upload>();

  constructor(limits: UploadLimits = defaultUploadLimits) {
    this.#limits = limits;
  }

  async begin(): Promise<string> {
    await this.#sweep();
    if (this.#uploads.size >= this.#limits.uploads) {
      throw new EctopyError("invalid-settings", "Too many uploads run at the same time.", "Wait until one has ended.");
    }
    const id = randomUUID();
    const folder = makeTemporaryFolder("upload");
    this.#uploads.set(id, { folder, bytes: 0, files: 0, touched: Date.now() });
    return id;
  }

  /**
   * Receives one file.
   * @param path in the chosen folder, with `/` between names
   * @throws EctopyError `unsafe-path`, `unsupported`: over a limit; `not-found`; `disk-full`
   */
  async receive(id: string, path: string, body: Readable): Promise<void> {
    const upload = this.#find(id);
    const destination = confined(upload.folder, path);
    if (++upload.files > this.#limits.files) throw this.#tooMuch(`more than ${this.#limits.files} files`);
    let bytes = 0;
    let over: string | null = null;
    const count = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        upload.touched = Date.now();
        if (over === null) upload.bytes += chunk.length;
        if (bytes > this.#limits.file) over ??= `more than ${this.#limits.file} bytes in one file`;
        if (upload.bytes > this.#limits.total) over ??= `more than ${this.#limits.total} bytes`;
        if (over === null) done(null, chunk);
        // A browser reads the answer only after it has sent everything: a slightly larger file is read to its end, and
        // dropped.
        else if (bytes < this.#limits.file + MAX_DROPPED_BYTES) done();
        else done(this.#tooMuch(over));
      },
      flush: (done) => done(over === null ? null : this.#tooMuch(over)),
    });
    try {
      await mkdir(dirname(destination), { recursive: true });
      const file = await open(destination, "wx");
      try {
        await pipeline(body, count, file.createWriteStream());
      } catch (error) {
        // Only this file: where it could not be made, an earlier file of that name stays.
        await rm(destination, { force: true });
        throw error;
      }
    } catch (error) {
      throw systemError(error, `the uploaded file ${path}`);
    }
  }

  /** Returns the uploaded file where it is the only one, the uploaded folder, or a folder with all files. */
  async contents(id: string): Promise<string> {
    const { folder, files } = this.#find(id);
    const [only, ...others] = await readdir(folder);
    if (only !== undefined && others.length === 0) {
      const path = join(folder, only);
      if (files === 1 || (await stat(path)).isDirectory()) return path;
    }
    return folder;
  }

  async end(id: string): Promise<void> {
    const upload = this.#uploads.get(id);
    this.#uploads.delete(id);
    if (upload) await rm(upload.folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#uploads.keys()].map((id) => this.end(id)));
  }

  #find(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload) return upload;
    throw new EctopyError("not-found", "This upload does not exist any more.", "Choose the files again.");
  }

  #tooMuch(what: string): EctopyError {
    return new EctopyError(
      "unsupported",
      `The upload exceeds a limit: ${what}.`,
      "Put the recordings on the machine that Ectopy runs on, and import them from there by their path.",
    );
  }

  async #sweep(): Promise<void> {
    const old = [...this.#uploads].filter(([, { touched }]) => Date.now() - touched > MAX_IDLE_MS);
    await Promise.all(old.map(([id]) => this.end(id)));
  }
}

/** Refuses names that lead outside of the upload's folder: a browser may send any name. */
function confined(folder: string, path: string): string {
  const steps = path.split("/");
  const problem = steps.map((step) => problemWithName(step)).find((each) => each !== null);
  if (problem !== undefined) {
    throw new EctopyError("unsafe-path", `An uploaded file can't be stored: ${problem}.`, "Rename it.");
  }
  const harmless = steps.every((step) => step !== "" && step !== "." && step !== ".." && !/[\\:]/.test(step));
  const destination = resolve(join(folder, ...steps));
  if (!harmless || steps.length > MAX_DEPTH || path.length > 1000 || !destination.startsWith(folder + sep)) {
    throw new EctopyError(
      "unsafe-path",
      `The file name ${JSON.stringify(path.slice(0, 200))} can't be used.`,
      "Rename it.",
    );
  }
  return destination;
}
