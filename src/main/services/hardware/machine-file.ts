/**
 * Stores measurements of this machine in one file of the workspace. The key of an entry names the machine, so that a
 * workspace that moved to another machine is measured again. A damaged file counts as empty.
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

  /** @returns undefined where no valid entry is stored */
  find<T>(key: string, schema: z.ZodType<T>): T | undefined {
    const entries = this.#read();
    return Object.hasOwn(entries, key) ? checkValue(schema, entries[key]).data : undefined;
  }

  /** Stores an entry. Where that fails, the next run measures again. */
  remember(key: string, value: unknown): void {
    try {
      writePrivateFile(this.#path, `${JSON.stringify({ ...this.#read(), [key]: value }, null, 2)}\n`);
    } catch (error) {
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
