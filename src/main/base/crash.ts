/**
 * Closes the process in order after an uncaught error: the error is logged with its stack trace, the user sees the
 * reason, trainings store a checkpoint, the database and its lock are closed, and the process ends with
 * {@link BUG_STATUS}. All of this takes at most {@link CLOSE_WITHIN_MS}; a second uncaught error ends the process at
 * once.
 */
import { setTimeout as wait } from "node:timers/promises";
import { BUG_STATUS, describeError } from "../../contract/domain/errors.ts";
import { onUncaught, writeError } from "../../engine/processes/uncaught.ts";
import { Log } from "./log.ts";

/** Work of a process before it ends. */
export interface ClosingDuty {
  /** Folder of the log for the entry, if the process owns a workspace. */
  logs?: string | undefined;
  /** Shows a sentence to the user at once. */
  tell: (message: string) => void;
  /** Stores a checkpoint of each training and closes the workspace. */
  close: () => Promise<void>;
}

export interface CrashOptions {
  /** Folder of the log if no duty names one. */
  logs: string;
  /** Ends the process. */
  exit?: (status: number) => void;
  /** Shows a sentence after everything is closed; may wait for the user. */
  sayLast?: (message: string) => void;
}

/** Limit for closing: a step of the slowest network and its checkpoint take a few seconds. */
const CLOSE_WITHIN_MS = 20_000;
const MAX_MESSAGE_CHARACTERS = 300;

const duties = new Set<ClosingDuty>();

/** Registers work to do before a crash ends the process. @returns a function that removes it, after the work is done */
export function beforeCrash(duty: ClosingDuty): () => void {
  duties.add(duty);
  return () => duties.delete(duty);
}

/** Handles uncaught errors. Call it once, at the start of a process. */
export function handleCrashes(options: CrashOptions): void {
  onUncaught((error) => void crash(error, options));
}

async function crash(error: unknown, { logs, exit, sayLast }: CrashOptions): Promise<void> {
  const registered = [...duties];
  const trace = traceOf(error);
  writeError(trace);
  const log = new Log(registered.find((duty) => duty.logs !== undefined)?.logs ?? logs);
  const details = log.write("error", "crash", trace) ? ` Details are in ${log.path}.` : "";
  const reason = describeError(error).slice(0, MAX_MESSAGE_CHARACTERS);
  const message = `Ectopy had to close because of a bug: ${reason}. Stored data is safe.${details}`;
  writeError(message);
  for (const { tell } of registered) attempt(() => tell(message));
  const closing = Promise.allSettled(registered.map(async ({ close }) => close()));
  const outcome = await Promise.race([closing, wait(CLOSE_WITHIN_MS, "late" as const)]);
  if (outcome === "late") log.write("error", "crash", `Closing took longer than ${CLOSE_WITHIN_MS / 1000} s.`);
  else {
    for (const end of outcome) {
      if (end.status === "rejected") log.write("error", "crash", `While closing: ${traceOf(end.reason)}`);
    }
  }
  if (sayLast !== undefined) attempt(() => sayLast(message));
  if (exit === undefined) process.exit(BUG_STATUS);
  else exit(BUG_STATUS);
}

/**
 * Returns the message and the stack frames. The message is shortened, because it may quote a file; frames name only
 * code.
 */
function traceOf(error: unknown): string {
  const frames = error instanceof Error ? (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)) : [];
  return [describeError(error).slice(0, MAX_MESSAGE_CHARACTERS), ...frames].join("\n");
}

function attempt(step: () => void): void {
  try {
    step();
  } catch (error) {
    writeError(describeError(error));
  }
}
