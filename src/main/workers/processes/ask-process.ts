/** Has a process of our own answer one question, and waits for its end. */
import { endInWords, type ProcessStart, type StartProcess } from "./start-process.ts";

export interface Answered {
  /** What it said last; undefined where it said nothing. */
  answer: unknown;
  /** How it failed, after "it"; empty where it ended well. */
  failure: string;
  /** The last line of its standard error. */
  lastWords: string;
}

/** @param timeout in ms; without it, as long as it takes */
export function askProcess(
  start: StartProcess,
  what: ProcessStart,
  { timeout, signal }: { timeout?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Answered> {
  return new Promise((resolve) => {
    let answer: unknown;
    let errorOutput = "";
    let givenUp = "";
    const child = start(what, {
      onMessage: (message) => (answer = message),
      onErrorOutput: (text) => (errorOutput += text),
      onEnd: (end) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", stop);
        const failure = givenUp || (end.status === 0 ? "" : `ended ${endInWords(end)}`);
        resolve({ answer, failure, lastWords: errorOutput.trim().split("\n").at(-1) ?? "" });
      },
    });
    const giveUp = (why: string) => (): void => {
      givenUp = why;
      child.kill();
    };
    const stop = giveUp("was stopped");
    const timer =
      timeout === undefined ? undefined : setTimeout(giveUp(`took longer than ${timeout / 1000} s`), timeout);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted === true) stop();
  });
}
