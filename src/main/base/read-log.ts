/** Reads the newest entries of a log. */
import { readFileSync } from "node:fs";
import { isLogged, logLevels, type LogEntry, type LogLevel } from "../../contract/domain/log.ts";
import { logFiles } from "./log.ts";

const LINE = /^(\d{4}-\S+Z) (\w+) (\S+) \[(\d+)\] (.*)$/;

/**
 * Returns the newest entries that are at least as severe as a level, oldest first. Lines that are no entries are left
 * out.
 * @param folder of the log
 */
export function readLog(folder: string, { lines, level }: { lines: number; level: LogLevel }): LogEntry[] {
  const newestFirst: LogEntry[] = [];
  for (const file of logFiles(folder)) {
    if (newestFirst.length >= lines) break;
    const entries = textOf(file)
      .split("\n")
      .flatMap((line) => parseLine(line) ?? []);
    newestFirst.push(...entries.filter((entry) => isLogged(entry.level, level)).reverse());
  }
  return newestFirst.slice(0, lines).reverse();
}

/** Formats an entry as one line, as its file holds it. */
export function formatEntry({ at, level, module, process, text }: LogEntry): string {
  return `${at} ${level} ${module} [${process}] ${text}`;
}

function parseLine(line: string): LogEntry | undefined {
  const [, at, word, module, process, text] = LINE.exec(line) ?? [];
  if (at === undefined) return undefined;
  // Earlier versions wrote `note`.
  const level = logLevels.find((each) => each === word) ?? "info";
  return { at, level, module, process: Number(process), text };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // not there yet
  }
}
