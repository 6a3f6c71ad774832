/**
 * The channel between a process and its parent: Node's IPC channel, or Electron's port in a utility process.
 *
 * Electron's port reports no delivery, and messages in transit are lost when the process ends. So each message over
 * that port has a number and is acknowledged. A process ends by `process.exit`, because Electron's utility processes do
 * not end on their own.
 */

/** Message from the process over Electron's port. */
export interface NumberedMessage {
  number: number;
  message: unknown;
}

/** Message to the process over Electron's port. */
export type PortMessage = { received: number } | { message: unknown };

export interface ParentChannel {
  /** Resolves once the message has been delivered: the process may end then. */
  send(message: unknown): Promise<void>;
  listen(listener: (message: unknown) => void): void;
}

/** The members of Electron's `process.parentPort` that are used here, and those of a thread's port in the same shape. */
export interface ParentPort {
  postMessage(message: NumberedMessage): void;
  on(event: "message", listener: (event: { data: PortMessage }) => void): unknown;
}

/**
 * Opens the channel of this process. The process ends where the parent has ended: no one would receive its messages.
 */
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

/** Opens the channel over Electron's port. Electron ends a utility process whose parent has ended. */
export function overPort(port: ParentPort): ParentChannel {
  const unacknowledged = new Map<number, () => void>();
  const listeners: ((message: unknown) => void)[] = [];
  let sent = 0;
  port.on("message", ({ data }) => {
    if ("received" in data) {
      unacknowledged.get(data.received)?.();
      unacknowledged.delete(data.received);
    } else {
      for (const listener of listeners) listener(data.message);
    }
  });
  return {
    send: (message) =>
      new Promise((resolve) => {
        const number = sent++;
        unacknowledged.set(number, resolve);
        port.postMessage({ number, message });
      }),
    listen: (listener) => void listeners.push(listener),
  };
}
