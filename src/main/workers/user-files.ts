/**
 * Reads and checks the folders that a user names, in a separate process with a time limit.
 *
 * A system call on a disk or a network that does not answer never returns. It would stop the thread that answers all
 * pages; a worker thread that waits in it can't be ended either, and a process with such a thread can't exit. A process
 * can be killed.
 */
import { fileURLToPath } from "node:url";
import { EctopyError, errorFromReport } from "../../contract/domain/errors.ts";
import type { FolderListing, NamedPath, PathPurpose } from "../../contract/domain/machine.ts";
import { entryPoint } from "../entry-points.ts";
import type { FolderTree } from "./folder-tree.ts";
import { READY, type NamedPathsMessage, type NamedPathsReply } from "./named-paths-messages.ts";
import type { NamedPathsTasks } from "./named-paths-tasks.ts";
import { describeEnd, type RunningProcess, type StartProcess } from "./processes/start-process.ts";

/**
 * Time in which a folder must answer while a user waits for it. With 4 s, a good folder was refused in 6 of 112 rounds of
 * bench/reliability/soak.ts at a load of 19 on two cores. Nothing but its dialog or its job waits for the answer.
 */
const ANSWER_LIMIT_MS = 15_000;
/** Time in which the folder of an import must answer: a disk may need to spin up. */
const IMPORT_LIMIT_MS = 30_000;
/** Time in which a process must start, on a busy machine too. */
const START_LIMIT_MS = 30_000;
/** An idle process ends after this time. */
const IDLE_LIMIT_MS = 10_000;

interface Helper {
  process: RunningProcess;
  isReady: boolean;
  onReady: () => void;
  onReply: (reply: NamedPathsReply) => void;
  onEnd: (how: string) => void;
  idle: NodeJS.Timeout | undefined;
}

/** Checks a folder that a user named. */
export type FolderCheck = Pick<UserFiles, "check">;

export class UserFiles {
  readonly #startProcess: StartProcess;
  readonly #helpers = new Set<Helper>();
  readonly #idle: Helper[] = [];
  readonly #answerLimitMs: number;
  #closed = false;

  constructor(startProcess: StartProcess, answerLimitMs = ANSWER_LIMIT_MS) {
    this.#startProcess = startProcess;
    this.#answerLimitMs = answerLimitMs;
  }

  /**
   * Checks a path for a purpose: that it exists, can be read or written, and has room. Only the last folder of a target
   * may be missing.
   * @throws EctopyError `not-found`, `no-access` (also where it does not answer), `disk-full`, `unsupported`,
   * `nothing-usable`
   */
  check(path: string, purpose: PathPurpose): Promise<NamedPath> {
    return this.#ask("check", { path, purpose }, path, this.#answerLimitMs);
  }

  /**
   * Lists a folder for the path dialog; without a folder, the user's home folder.
   * @throws EctopyError as {@link check}
   */
  list(folder?: string): Promise<FolderListing> {
    return this.#ask("list", { folder }, folder ?? "The home folder", this.#answerLimitMs);
  }

  /**
   * Lists the files of a folder and of all folders in it.
   * @param shown name of the folder for messages
   * @throws EctopyError as `listTree`
   */
  listTree(path: string, shown: string): Promise<FolderTree> {
    return this.#ask("listTree", { path, shown }, shown, IMPORT_LIMIT_MS);
  }

  /** Ends all processes; unanswered questions are rejected. */
  close(): void {
    this.#closed = true;
    for (const helper of this.#helpers) {
      clearTimeout(helper.idle);
      helper.process.kill();
    }
  }

  #ask<Name extends keyof NamedPathsTasks>(
    task: Name,
    input: NamedPathsTasks[Name]["input"],
    place: string,
    limitMs: number,
  ): Promise<NamedPathsTasks[Name]["output"]> {
    return new Promise((resolve, reject) => {
      const helper = this.#idle.pop() ?? this.#start();
      clearTimeout(helper.idle);
      const endAfter = (ms: number): NodeJS.Timeout =>
        setTimeout(() => {
          reject(noAnswer(place, limitMs));
          helper.process.kill();
        }, ms);
      let timer = endAfter(helper.isReady ? limitMs : START_LIMIT_MS);
      helper.onReady = () => {
        clearTimeout(timer);
        timer = endAfter(limitMs);
      };
      helper.onReply = (reply) => {
        clearTimeout(timer);
        this.#release(helper);
        if ("error" in reply) reject(errorFromReport(reply.error));
        else resolve(reply.output as NamedPathsTasks[Name]["output"]);
      };
      helper.onEnd = (how) => {
        clearTimeout(timer);
        reject(new Error(`The process that reads folders ended ${how}.`));
      };
      helper.process.send({ task, input });
    });
  }

  #start(): Helper {
    const program = fileURLToPath(entryPoint("named-paths-process"));
    const process = this.#startProcess(
      { program, environment: {}, ownGroup: true },
      {
        onMessage: (received) => {
          const message = received as NamedPathsMessage;
          if (message !== READY) {
            helper.onReply(message);
            return;
          }
          helper.isReady = true;
          helper.onReady();
        },
        onErrorOutput: () => {},
        onEnd: (end) => {
          this.#helpers.delete(helper);
          const at = this.#idle.indexOf(helper);
          if (at >= 0) this.#idle.splice(at, 1);
          helper.onEnd(describeEnd(end));
        },
      },
    );
    const helper: Helper = {
      process,
      isReady: false,
      onReady: () => {},
      onReply: () => {},
      onEnd: () => {},
      idle: undefined,
    };
    this.#helpers.add(helper);
    return helper;
  }

  #release(helper: Helper): void {
    helper.onEnd = () => {};
    if (this.#closed) {
      helper.process.kill();
      return;
    }
    this.#idle.push(helper);
    helper.idle = setTimeout(() => {
      // It ends later: a question in between needs another process.
      this.#idle.splice(this.#idle.indexOf(helper), 1);
      helper.process.kill();
    }, IDLE_LIMIT_MS).unref();
  }
}

function noAnswer(place: string, limitMs: number): EctopyError {
  return new EctopyError(
    "no-access",
    `${place} did not answer within ${limitMs / 1000} s.`,
    "Check that its disk or network share is connected and try again, or choose another folder.",
  );
}
