/** Looks up single things in the files of a preparation or a run (src/engine/training/dataset-files.ts says which there are). */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { StoredItem } from "../../../contract/domain/integrity.ts";
import { isAsStored } from "../../store/manifest.ts";

const descriptionSchema = z.object({ records: z.array(z.string()), beats: z.int().min(0) });

export class PreparedFiles {
  readonly #folder: string;
  readonly #item: StoredItem;

  /** @param item what is stored in the folder */
  constructor(folder: string, item: StoredItem) {
    this.#folder = folder;
    this.#item = item;
  }

  /** Names of the records by number, and how many real beats there are. @throws EctopyError `damaged-file` */
  describe(): z.infer<typeof descriptionSchema> {
    return this.#read("dataset.json", (path) => descriptionSchema.parse(JSON.parse(readFileSync(path, "utf8"))));
  }

  /** @throws EctopyError `damaged-file` */
  bytes(name: string): Uint8Array<ArrayBuffer> {
    return this.#read(name, () => this.#whole(name));
  }

  /** @throws EctopyError `damaged-file` */
  integers(name: string): Uint32Array {
    return this.#read(name, () => new Uint32Array(this.#whole(name).buffer));
  }

  /** @throws EctopyError `damaged-file` */
  floats(name: string): Float32Array {
    return this.#read(name, () => new Float32Array(this.#whole(name).buffer));
  }

  /** Rows of a table of floats, one after the other; the file is not read whole. @throws EctopyError `damaged-file` */
  rows(name: string, numbers: readonly number[], length: number): Float32Array {
    return this.#read(name, (path) => {
      const descriptor = openSync(path, "r");
      try {
        const out = new Float32Array(numbers.length * length);
        numbers.forEach((number, i) => {
          const row = new Uint8Array(out.buffer, 4 * i * length, 4 * length);
          if (readSync(descriptor, row, 0, row.length, number * row.length) < row.length) throw new Error("cut short");
        });
        return out;
      } finally {
        closeSync(descriptor);
      }
    });
  }

  /** Reads a file as it was stored, or not at all. */
  #whole(name: string): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(readFileSync(join(this.#folder, name)));
    if (!isAsStored(this.#folder, name, bytes)) throw new Error("not the bytes that were stored");
    return bytes;
  }

  #read<T>(name: string, read: (path: string) => T): T {
    const path = join(this.#folder, name);
    try {
      return read(path);
    } catch (cause) {
      throw new EctopyError(
        "damaged-file",
        `${path} can't be read, or has changed since it was stored.`,
        "Prepare or train again with the same settings: `ectopy verify` lists what is damaged.",
        { cause, subject: this.#item },
      );
    }
  }
}
