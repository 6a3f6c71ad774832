/**
 * The catalogue of errors that reach a user: each says what happened, and what to do about it.
 *
 * Three kinds are told apart everywhere: an {@link EctopyError} (the user, the data or the machine; expected, shown as it
 * is), a {@link CancelledError} (asked for; not a failure) and anything else (a bug; shown with its trace).
 */
import type { StoredItem } from "./integrity.ts";

/** Every code, with the exit status that the command line gives for it. */
export const errorCodes = {
  /** The command or its options are wrong. */
  usage: 2,
  /** A dataset, preparation, run or path that was named does not exist. */
  "not-found": 3,
  /** A file's bytes are not what its format says. */
  "damaged-file": 4,
  /** A path in a file leads outside the folder it came from. */
  "unsafe-path": 4,
  /** A format that is known but not supported. */
  unsupported: 4,
  /** Nothing that could be used was found in what was given. */
  "nothing-usable": 4,
  /** The settings contradict the data (a class too small, a window too long…). */
  "invalid-settings": 5,
  /** No space left on the device. */
  "disk-full": 6,
  /** The file system refuses to be written or read. */
  "no-access": 6,
  /** Another process owns the workspace. */
  "workspace-busy": 6,
  /** The workspace was made by a newer Ectopy, or its database is damaged. */
  "workspace-unusable": 6,
  /** TensorFlow's native library is missing or failed. */
  "engine-unavailable": 7,
  /** A training process ended without an answer. */
  "training-failed": 7,
  /** A training needs more memory than there is. */
  "out-of-memory": 7,
  /** A message between a window and its shell could not be understood. */
  "damaged-message": 8,
  /** The shell can't be reached, or does not know this window. */
  "not-connected": 8,
  /** Another program's server does not answer, or broke off. */
  "server-unreachable": 9,
  /** It does not let the user in, or not do what is wanted. */
  "server-refuses": 9,
  /** It is not what was expected there, or can't do what is needed. */
  "server-unsuitable": 9,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Exit status of a process that ended by a fault of Ectopy's own (`EX_SOFTWARE` in BSD's sysexits.h). */
export const BUG_STATUS = 70;

export class EctopyError extends Error {
  override readonly name = "EctopyError";
  readonly code: ErrorCode;
  /** One sentence: what to do about it. */
  readonly fix: string;
  /** What is stored and damaged or missing, where the error is about that: a window offers to make it again. */
  readonly subject: StoredItem | undefined;

  /**
   * @param code where the error stands in the catalogue
   * @param message one clear sentence: what is wrong, and where (file, byte, line)
   * @param fix one clear sentence: what to do
   */
  constructor(code: ErrorCode, message: string, fix: string, options: ErrorDetails = {}) {
    super(message, options);
    this.code = code;
    this.fix = fix;
    this.subject = options.subject;
  }
}

/** What an error came from, and what it is about. */
export interface ErrorDetails {
  cause?: unknown;
  subject?: StoredItem | undefined;
}

/** Thrown where work stops because it was asked to. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
  constructor(message = "Cancelled.") {
    super(message);
  }
}

/** The plain form of an error, for anything that crosses a process boundary. */
export interface ErrorReport {
  code: ErrorCode | "cancelled" | "bug";
  message: string;
  fix: string;
  /** Of an {@link EctopyError}. */
  subject?: StoredItem;
}

/** What to show for any thrown value. A bug keeps its message; its trace belongs in the log. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof EctopyError) {
    const { code, message, fix, subject } = error;
    return { code, message, fix, ...(subject === undefined ? {} : { subject }) };
  }
  if (error instanceof CancelledError) return { code: "cancelled", message: error.message, fix: "" };
  return {
    code: "bug",
    message: error instanceof Error ? error.message : String(error),
    fix: "This is a fault in Ectopy: please report it with the log.",
  };
}

/** Any thrown value on one line: `TypeError: x is undefined`. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replace(/\s+/g, " ").trim();
}

/** The error that a report came from, for the receiving side of a boundary. */
export function errorFromReport(report: ErrorReport): Error {
  if (report.code === "cancelled") return new CancelledError(report.message);
  if (report.code === "bug") return new Error(report.message);
  return new EctopyError(report.code, report.message, report.fix, { subject: report.subject });
}

/** Codes of an error that says that stored files are not as they were stored. */
const damageCodes: ReadonlySet<ErrorCode> = new Set(["damaged-file", "not-found"]);

/**
 * Returns the error that was thrown while a stored item's files were read, with that item as its subject where its files are
 * damaged or missing. Any other value, and an error that has a subject, is returned as it is.
 */
export function damageOf(item: StoredItem, error: unknown): unknown {
  if (!(error instanceof EctopyError) || error.subject !== undefined || !damageCodes.has(error.code)) return error;
  return new EctopyError(error.code, error.message, error.fix, { cause: error, subject: item });
}
