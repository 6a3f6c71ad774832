/**
 * What was measured of this machine, remembered in the workspace as one file. Each entry's key says what it holds for, so that a
 * workspace that was carried to another machine is measured anew; a damaged file is taken for an empty one.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { checkValue } from "../../../contract/domain/check-value.ts";
import { writePrivateFile } from "../../base/private-files.ts";
import { logger } from "../../base/logger.ts";

const log = logger("hardware");

const fileSchema = z.record(z.string(), z.unknown());

export class MachineFile {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, "machine.json");
  }

  /** @returns undefined where nothing that fits is remembered */
  find<T>(key: string, schema: z.ZodType<T>): T | undefined {
    const entries = this.#read();
    return Object.hasOwn(entries, key) ? checkValue(schema, entries[key]).data : undefined;
  }

  /** Where it can't be written, it is measured again the next time. */
  remember(key: string, value: unknown): void {
    try {
      writePrivateFile(this.#path, `${JSON.stringify({ ...this.#read(), [key]: value }, null, 2)}\n`);
    } catch (error) {
      // Measured again, then.
      log.warning("Measured times could not be stored", error);
    }
  }

  #read(): Record<string, unknown> {
    try {
      return fileSchema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
    } catch {
      return {};
    }
  }
}
