/** Starts a process of Ectopy, waits for its end, and returns its last message. */
import { describeEnd, type ProcessStart, type StartProcess } from "./start-process.ts";

export interface Answered {
  /** Its last message; undefined if it sent none. */
  answer: unknown;
  /** Description of its failure, to follow "it"; empty if it succeeded. */
  failure: string;
  /** The last line of its standard error. */
  lastWords: string;
}

/** Starts a process and waits for its end. @param timeout limit in ms; without it, there is no limit */
export function askProcess(
  start: StartProcess,
  options: ProcessStart,
  { timeout, signal }: { timeout?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Answered> {
  return new Promise((resolve) => {
    let answer: unknown;
    let errorOutput = "";
    let stopReason = "";
    const child = start(options, {
      onMessage: (message) => (answer = message),
      onErrorOutput: (text) => (errorOutput += text),
      onEnd: (end) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", stop);
        const failure = stopReason || (end.status === 0 ? "" : `ended ${describeEnd(end)}`);
        resolve({ answer, failure, lastWords: errorOutput.trim().split("\n").at(-1) ?? "" });
      },
    });
    const stopBecause = (reason: string) => (): void => {
      stopReason = reason;
      child.kill();
    };
    const stop = stopBecause("was stopped");
    const timer =
      timeout === undefined ? undefined : setTimeout(stopBecause(`took longer than ${timeout / 1000} s`), timeout);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted === true) stop();
  });
}
