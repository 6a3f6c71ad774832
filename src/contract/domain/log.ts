/** The app's log: its levels, and its entries as windows and the command line show them. */

/** From the most to the least severe. */
export const logLevels = ["error", "warning", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Most entries that one question returns; all files of a log hold about twice as many. */
export const MAX_LOG_ENTRIES = 10_000;

export interface LogEntry {
  /** ISO 8601, UTC. */
  at: string;
  level: LogLevel;
  /** Part of Ectopy that wrote the entry, such as `training`. */
  module: string;
  /** Number of the process that wrote the entry. */
  process: number;
  /** One line; line breaks are written as ` | `. */
  text: string;
}

/** A report for support, as text: the user reads it before it is saved. */
export interface SupportReport {
  /** Suggested name of its file. */
  fileName: string;
  text: string;
}

/** Returns whether an entry is at least as severe as a level. */
export function isLogged(entry: LogLevel, level: LogLevel): boolean {
  return logLevels.indexOf(entry) <= logLevels.indexOf(level);
}
