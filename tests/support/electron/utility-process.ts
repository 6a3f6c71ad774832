/**
 * Stand-in for Electron's utility processes, with Node's child processes. It reproduces their differences: messages in
 * transit at the end of the process are lost, it never ends by itself, its end has no signal, and its streams then lose
 * their listeners.
 */
import { fork as forkNode, type ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { constants } from "node:os";
import { PassThrough } from "node:stream";

interface ForkOptions {
  env: NodeJS.ProcessEnv;
  stdio: string[];
  serviceName: string;
}

class UtilityProcess extends EventEmitter {
  readonly stderr = new PassThrough();
  readonly #child: ChildProcess;
  #killed = false;

  constructor(program: string, args: string[], { env }: ForkOptions) {
    super();
    this.#child = forkNode(program, args, {
      env,
      execArgv: ["--import", new URL("parent-port.ts", import.meta.url).href],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.stderr!.pipe(this.stderr);
    this.#child.on("message", (message) => this.emit("message", message));
    this.#child.on("exit", (status, signal) => {
      // The status in waitpid's format, except that a process which was asked to end has status 0.
      this.emit("exit", signal === null ? status : this.#killed ? 0 : constants.signals[signal]);
      this.stderr.removeAllListeners();
    });
  }
  get pid(): number | undefined {
    return this.#child.pid;
  }
  postMessage(message: object): void {
    if (!this.#child.connected) throw new Error("A message was posted to a process that is gone: Electron crashes.");
    this.#child.send(message);
  }
  kill(): boolean {
    this.#killed = true;
    return this.#child.kill();
  }
}

export const utilityProcess = {
  started: [] as { program: string; options: ForkOptions; process: UtilityProcess }[],
  fork(program: string, args: string[], options: ForkOptions): UtilityProcess {
    const child = new UtilityProcess(program, args, options);
    utilityProcess.started.push({ program, options, process: child });
    return child;
  },
};
