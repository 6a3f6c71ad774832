/**
 * What a process of ours says to whoever started it, and hears from there: over Node's channel, or over Electron's port where it
 * is a utility process.
 *
 * Over Electron's port nobody is told when a message has arrived, and what is still under way is lost as the process ends: there,
 * each message has a number and is acknowledged. A process ends by `process.exit`, since Electron's do not end by themselves.
 */

/** As it travels over Electron's port from the process. */
export interface NumberedMessage {
  number: number;
  message: unknown;
}

/** As it travels over Electron's port to the process. */
export type PortMessage = { received: number } | { message: unknown };

export interface ParentChannel {
  /** Resolves once the message is safe: the process may end then. */
  send(message: unknown): Promise<void>;
  listen(listener: (message: unknown) => void): void;
}

/** Of Electron's `process.parentPort`, what is used here. */
export interface ParentPort {
  postMessage(message: NumberedMessage): void;
  on(event: "message", listener: (event: { data: PortMessage }) => void): unknown;
}

/** The line of this process. Where the other end is gone, the process ends: nobody would hear what it says. */
export function openParentChannel(): ParentChannel {
  const { parentPort } = process as unknown as { parentPort?: ParentPort };
  return parentPort ? overPort(parentPort) : overChannel();
}

function overChannel(): ParentChannel {
  process.on("disconnect", () => process.exit(1));
  return {
    send: (message) =>
      new Promise((resolve, reject) => {
        process.send!(message, undefined, undefined, (error) => (error ? reject(error) : resolve()));
      }),
    listen: (listener) => void process.on("message", listener),
  };
}

/** Electron itself ends a utility process whose other end is gone. */
export function overPort(port: ParentPort): ParentChannel {
  const underWay = new Map<number, () => void>();
  const listeners: ((message: unknown) => void)[] = [];
  let sent = 0;
  port.on("message", ({ data }) => {
    if ("received" in data) {
      underWay.get(data.received)?.();
      underWay.delete(data.received);
    } else {
      for (const listener of listeners) listener(data.message);
    }
  });
  return {
    send: (message) =>
      new Promise((resolve) => {
        const number = sent++;
        underWay.set(number, resolve);
        port.postMessage({ number, message });
      }),
    listen: (listener) => void listeners.push(listener),
  };
}
