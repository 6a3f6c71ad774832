/** Reads single values from the files of a preparation (src/pipeline/beats/preparation-format.ts) or a run. */
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { StoredItem } from "../../../contract/domain/integrity.ts";
import { preparationDescriptionSchema, type PreparationDescription } from "../../../contract/domain/preparation.ts";
import { descriptionPath } from "../../../engine/training/preparation-files.ts";
import {
  arrayOf,
  type PreparationArray,
  type PreparationArrayFile,
} from "../../../pipeline/beats/preparation-format.ts";
import { isAsStored } from "../../store/manifest.ts";

export class PreparationFiles {
  readonly #folder: string;
  readonly #item: StoredItem;

  /** @param item stored in the folder */
  constructor(folder: string, item: StoredItem) {
    this.#folder = folder;
    this.#item = item;
  }

  /** Reads the preparation's description. @throws EctopyError `damaged-file` */
  describe(): PreparationDescription {
    return this.#read(descriptionPath(this.#folder), (path) =>
      preparationDescriptionSchema.parse(JSON.parse(readFileSync(path, "utf8"))),
    );
  }

  /** Reads a whole array of the preparation. @throws EctopyError `damaged-file` */
  array<File extends PreparationArrayFile>(file: File): PreparationArray<File> {
    return this.#read(join(this.#folder, file), () => arrayOf(file, this.#whole(file).buffer));
  }

  /** Reads a whole file of float32 values. @throws EctopyError `damaged-file` */
  floats(name: string): Float32Array {
    return this.#read(join(this.#folder, name), () => new Float32Array(this.#whole(name).buffer));
  }

  /**
   * Reads rows of a table of float32 values, one after the other, not the whole file.
   * @throws EctopyError `damaged-file`
   */
  rows(file: PreparationArrayFile, numbers: readonly number[], length: number): Float32Array {
    return this.#read(join(this.#folder, file), (path) => {
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

  /** Reads a whole file. @throws Error where its bytes differ from those that were stored */
  #whole(name: string): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(readFileSync(join(this.#folder, name)));
    if (!isAsStored(this.#folder, name, bytes)) throw new Error("not the bytes that were stored");
    return bytes;
  }

  #read<T>(path: string, read: (path: string) => T): T {
    try {
      return read(path);
    } catch (cause) {
      throw new EctopyError(
        "damaged-file",
        `${path} can't be read, or has changed since it was stored.`,
        "Prepare or train again with the same settings; `ectopy verify` lists damaged items.",
        { cause, subject: this.#item },
      );
    }
  }
}
