/**
 * What happens where an error was caught by nothing: it is logged with its trace, the user reads why, trainings are left with a
 * checkpoint, the database and its lock are closed, and the process ends with {@link BUG_STATUS}. All within
 * {@link CLOSE_WITHIN_MS}; a second such error ends the process at once.
 */
import { setTimeout as wait } from "node:timers/promises";
import { BUG_STATUS, describeError } from "../../contract/domain/errors.ts";
import { onUncaught, writeError } from "../../engine/processes/uncaught.ts";
import { Log } from "./log.ts";

/** What a process must do before it ends. */
export interface ClosingDuty {
  /** Folder of the log that takes the entry, where the process owns a workspace. */
  logs?: string | undefined;
  /** Shows a sentence to the user, at once. */
  tell: (message: string) => void;
  /** Leaves trainings with a checkpoint and lets go of the workspace. */
  close: () => Promise<void>;
}

export interface CrashOptions {
  /** Folder of the log where no duty names one. */
  logs: string;
  /** Ends the process. */
  exit?: (status: number) => void;
  /** Shows a sentence once all is closed; may wait for the user. */
  sayLast?: (message: string) => void;
}

/** A step of the slowest network and its checkpoint take a few seconds. */
const CLOSE_WITHIN_MS = 20_000;
const MAX_MESSAGE_CHARACTERS = 300;

const duties = new Set<ClosingDuty>();

/** @returns takes it back, once it has been done */
export function beforeCrash(duty: ClosingDuty): () => void {
  duties.add(duty);
  return () => duties.delete(duty);
}

/** To be called once, at the beginning of a process. */
export function handleCrashes(options: CrashOptions): void {
  onUncaught((error) => void crash(error, options));
}

async function crash(error: unknown, { logs, exit, sayLast }: CrashOptions): Promise<void> {
  const held = [...duties];
  const trace = traceOf(error);
  writeError(trace);
  const log = new Log(held.find((duty) => duty.logs !== undefined)?.logs ?? logs);
  const details = log.write("error", "crash", trace) ? ` Details are in ${log.path}.` : "";
  const reason = describeError(error).slice(0, MAX_MESSAGE_CHARACTERS);
  const message = `Ectopy had to close because of a fault: ${reason}. What was stored is safe.${details}`;
  writeError(message);
  for (const { tell } of held) attempt(() => tell(message));
  const closing = Promise.allSettled(held.map(async ({ close }) => close()));
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

/** The message is cut, since it may quote a file; frames name only our own code. */
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
