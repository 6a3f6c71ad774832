/**
 * Start of a process of Ectopy: by Node for the server and the command line, by Electron as a utility process. Both
 * send messages by structured cloning, so that typed arrays and NaN are preserved.
 */

/** Starts a process; {@link ProcessListener.onEnd} also reports that it could not be started. */
export type StartProcess = (options: ProcessStart, listener: ProcessListener) => RunningProcess;

export interface ProcessStart {
  /** Path of a JavaScript program that opens a channel to its parent (src/engine/processes/parent-channel.ts). */
  program: string;
  args?: readonly string[];
  /** Variables in addition to those of this process. */
  environment: Readonly<Record<string, string>>;
  /** Separates the process from Ctrl-C in the terminal: only this process receives it, and asks the other to stop. */
  ownGroup?: boolean;
}

export interface ProcessListener {
  onMessage: (message: unknown) => void;
  /** Called with each piece of its standard error. Its standard output is discarded. */
  onErrorOutput: (text: string) => void;
  /** Called once, as the last callback. */
  onEnd: (end: ProcessEnd) => void;
}

export interface RunningProcess {
  /** Sends a message; it is lost if the process has ended. */
  send(message: unknown): void;
  /** Ends the process at once. */
  kill(): void;
}

export interface ProcessEnd {
  /** Null if a signal ended it, or it never started. */
  status: number | null;
  signal: NodeJS.Signals | null;
  /** Error of a process that could not be started. */
  error?: Error;
}

/** Describes an end, to follow "ended": `with status 3`, `by SIGKILL`. */
export function describeEnd({ status, signal, error }: ProcessEnd): string {
  if (error) return `before it started (${error.message})`;
  return signal === null ? `with status ${status}` : `by ${signal}`;
}
