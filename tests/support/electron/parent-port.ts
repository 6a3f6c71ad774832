/** Replaces Node's channel by Electron's `parentPort`, in a process that replaces a utility process. */
import { EventEmitter } from "node:events";

const send = process.send!.bind(process);
process.on("disconnect", () => process.exit(1));

class ParentPort extends EventEmitter {
  postMessage(message: object): void {
    // Delayed: a message that is posted right before `process.exit` never arrives.
    setImmediate(() => send(message));
  }
}

const parentPort = new ParentPort();
process.on("message", (data) => parentPort.emit("message", { data }));
Object.assign(process, { parentPort, send: undefined });
