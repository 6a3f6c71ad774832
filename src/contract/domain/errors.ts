/**
 * The catalogue of errors that reach a user. Each error names what happened and what to do.
 *
 * There are three kinds of errors: an {@link EctopyError} (an expected problem of input, data or machine, shown as it
 * is), a {@link CancelledError} (requested, not a failure) and any other value (a bug, shown with its trace).
 */
import type { StoredItem } from "./integrity.ts";

/** Every error code with the exit status of the command line. */
export const errorCodes = {
  /** The command or its options are wrong. */
  usage: 2,
  /** The named dataset, preparation, run or path does not exist. */
  "not-found": 3,
  /** A file does not follow its format, or has changed since it was stored. */
  "damaged-file": 4,
  /** A path in a file leads outside the folder of that file. */
  "unsafe-path": 4,
  /** A known but unsupported format. */
  unsupported: 4,
  /** The input has no usable content. */
  "nothing-usable": 4,
  /** The settings contradict the data (a class too small, a window too long…). */
  "invalid-settings": 5,
  /** No space left on the device. */
  "disk-full": 6,
  /** The file system refuses to read or write. */
  "no-access": 6,
  /** Another process owns the workspace. */
  "workspace-busy": 6,
  /** A newer version of Ectopy has written the workspace, or its database is damaged. */
  "workspace-unusable": 6,
  /** TensorFlow's native library is missing or failed. */
  "engine-unavailable": 7,
  /** A training diverged, or its process ended without a result. */
  "training-failed": 7,
  /** A training needs more memory than is available. */
  "out-of-memory": 7,
  /** A message between a page and its shell is invalid. */
  "damaged-message": 8,
  /** The shell can't be reached, or refuses this page. */
  "not-connected": 8,
  /** A server of another program does not answer, or closed the connection. */
  "server-unreachable": 9,
  /** A server refuses the user, or the request. */
  "server-refuses": 9,
  /** A server is of another kind than expected, or lacks a needed function. */
  "server-unsuitable": 9,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Exit status of a process that ended by a bug in Ectopy (`EX_SOFTWARE` in BSD's sysexits.h). */
export const BUG_STATUS = 70;

export class EctopyError extends Error {
  override readonly name = "EctopyError";
  readonly code: ErrorCode;
  /** One sentence: what to do about it. */
  readonly fix: string;
  /** The damaged or missing stored item, if the error is about one: a page offers to restore it. */
  readonly subject: StoredItem | undefined;

  /**
   * @param code code in the catalogue
   * @param message one sentence: what is wrong, and where (file, byte, line)
   * @param fix one sentence: what to do
   */
  constructor(code: ErrorCode, message: string, fix: string, options: ErrorDetails = {}) {
    super(message, options);
    this.code = code;
    this.fix = fix;
    this.subject = options.subject;
  }
}

/** Cause and subject of an error. */
export interface ErrorDetails {
  cause?: unknown;
  subject?: StoredItem | undefined;
}

/** Thrown where work is cancelled on request. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
  constructor(message = "Cancelled.") {
    super(message);
  }
}

/** The plain form of an error, which crosses process boundaries. */
export interface ErrorReport {
  code: ErrorCode | "cancelled" | "bug";
  message: string;
  fix: string;
  /** Subject of an {@link EctopyError}. */
  subject?: StoredItem;
}

/** Returns the report of any thrown value. A bug keeps its message; its trace is written to the log. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof EctopyError) {
    const { code, message, fix, subject } = error;
    return { code, message, fix, ...(subject === undefined ? {} : { subject }) };
  }
  if (error instanceof CancelledError) return { code: "cancelled", message: error.message, fix: "" };
  return {
    code: "bug",
    message: error instanceof Error ? error.message : String(error),
    fix: "This is a bug in Ectopy. Report it with the log file.",
  };
}

/** Returns any thrown value as one line: `TypeError: x is undefined`. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replace(/\s+/g, " ").trim();
}

/** Returns the error of a report, on the receiving side of a boundary. */
export function errorFromReport(report: ErrorReport): Error {
  if (report.code === "cancelled") return new CancelledError(report.message);
  if (report.code === "bug") return new Error(report.message);
  return new EctopyError(report.code, report.message, report.fix, { subject: report.subject });
}

/** Error codes of damaged or missing stored files. */
const damageCodes: ReadonlySet<ErrorCode> = new Set(["damaged-file", "not-found"]);

/**
 * Adds a stored item as the subject to an error about its damaged or missing files. Returns any other value, and an
 * error with a subject, unchanged.
 */
export function damageOf(item: StoredItem, error: unknown): unknown {
  if (!(error instanceof EctopyError) || error.subject !== undefined || !damageCodes.has(error.code)) return error;
  return new EctopyError(error.code, error.message, error.fix, { cause: error, subject: item });
}
