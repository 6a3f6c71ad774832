/**
 * Log on the disk: one line per entry, in rotating files that only their owner can read. It contains actions of the
 * program, never signals, notes, paths or names from recordings (log-text.ts).
 */
import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LogLevel } from "../../contract/domain/log.ts";
import { timestamp } from "./timestamp.ts";
import { withoutPaths } from "./log-text.ts";

/** Of one file; {@link MAX_FILES} of them take 2 MB. */
const MAX_FILE_BYTES = 500_000;
const MAX_FILES = 4;
/** Limit of an entry: a stack trace of 50 frames fits, a message that quotes a file does not. */
const MAX_ENTRY_CHARACTERS = 8000;
const LOG_NAME = "ectopy";

export class Log {
  readonly #folder: string;
  readonly #maxFileBytes: number;

  /** @param folder folder of the log, created with the first entry */
  constructor(folder: string, maxFileBytes = MAX_FILE_BYTES) {
    this.#folder = folder;
    this.#maxFileBytes = maxFileBytes;
  }

  /** Path of the file with the newest entries. */
  get path(): string {
    return this.#file(0);
  }

  /**
   * Adds an entry, which is in the system's cache when this returns. Line breaks become ` | `.
   * @param module name of the writing module, such as `crash`
   * @returns false where the entry could not be written: a log is never a reason to fail
   */
  write(level: LogLevel, module: string, text: string): boolean {
    const line = withoutPaths(text.trim())
      .replace(/\s*\r?\n\s*/g, " | ")
      .replace(/\p{Cc}/gu, " ")
      .slice(0, MAX_ENTRY_CHARACTERS);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      this.#rotate();
      appendFileSync(this.path, `${timestamp()} ${level} ${module} [${process.pid}] ${line}\n`, {
        mode: 0o600,
      });
      return true;
    } catch {
      return false;
    }
  }

  #rotate(): void {
    if ((statSync(this.path, { throwIfNoEntry: false })?.size ?? 0) < this.#maxFileBytes) return;
    for (let number = MAX_FILES - 2; number >= 0; number--) {
      if (statSync(this.#file(number), { throwIfNoEntry: false }) === undefined) continue;
      renameSync(this.#file(number), this.#file(number + 1));
    }
  }

  #file(number: number): string {
    return logFile(this.#folder, number);
  }
}

/** Files of a log, newest entries first, whether they exist or not. */
export function logFiles(folder: string): string[] {
  return Array.from({ length: MAX_FILES }, (_, number) => logFile(folder, number));
}

function logFile(folder: string, number: number): string {
  return join(folder, number === 0 ? `${LOG_NAME}.log` : `${LOG_NAME}.${number}.log`);
}

/** Returns the folder of a workspace's log. */
export function logFolder(workspaceFolder: string): string {
  return join(workspaceFolder, "logs");
}
