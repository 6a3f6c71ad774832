/**
 * How a process of our own is started: by Node for the server and the command line, as a utility process by Electron. Both carry
 * messages by structured cloning, so that typed arrays and NaN cross as they are.
 */

/** Starts a process; {@link ProcessListener.onEnd} also tells where it could not be started. */
export type StartProcess = (what: ProcessStart, listener: ProcessListener) => RunningProcess;

export interface ProcessStart {
  /** Path of a program in JavaScript that opens a line to its parent (src/engine/processes/parent-channel.ts). */
  program: string;
  args?: readonly string[];
  /** Beside what this process has in its own. */
  environment: Readonly<Record<string, string>>;
  /** Ctrl-C in a terminal reaches us alone, and we ask the process to stop. Else it reaches the process too. */
  ownGroup?: boolean;
}

export interface ProcessListener {
  onMessage: (message: unknown) => void;
  /** What it writes on standard error, piece by piece. Its standard output is nobody's. */
  onErrorOutput: (text: string) => void;
  /** Once; nothing is told after that. */
  onEnd: (end: ProcessEnd) => void;
}

export interface RunningProcess {
  /** Lost where the process is gone. */
  send(message: unknown): void;
  /** Ends it at once. */
  kill(): void;
}

export interface ProcessEnd {
  /** Null where it was ended by a signal, or never started. */
  status: number | null;
  signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  error?: Error;
}

/** Such as `with status 3` and `by SIGKILL`, after "ended". */
export function endInWords({ status, signal, error }: ProcessEnd): string {
  if (error) return `before it began (${error.message})`;
  return signal === null ? `with status ${status}` : `by ${signal}`;
}
