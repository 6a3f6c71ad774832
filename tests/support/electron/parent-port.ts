/** In a process that stands in for a utility process: Electron's `parentPort` instead of Node's channel. */
import { EventEmitter } from "node:events";

const send = process.send!.bind(process);
process.on("disconnect", () => process.exit(1));

class ParentPort extends EventEmitter {
  postMessage(message: object): void {
    // Not at once: what is posted right before `process.exit` never arrives.
    setImmediate(() => send(message));
  }
}

const parentPort = new ParentPort();
process.on("message", (data) => parentPort.emit("message", { data }));
Object.assign(process, { parentPort, send: undefined });
