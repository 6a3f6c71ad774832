/**
 * Replaces Node's channel by Electron's `parentPort`, in a process that replaces a utility process. Its worker threads
 * load this file too, and have neither.
 */
import { EventEmitter } from "node:events";
import { isMainThread } from "node:worker_threads";

class ParentPort extends EventEmitter {
  readonly #send = process.send!.bind(process);

  postMessage(message: object): void {
    // Delayed: a message that is posted right before `process.exit` never arrives.
    setImmediate(() => this.#send(message));
  }
}

if (isMainThread) {
  const parentPort = new ParentPort();
  process.on("disconnect", () => process.exit(1));
  process.on("message", (data) => parentPort.emit("message", { data }));
  Object.assign(process, { parentPort, send: undefined });
}
