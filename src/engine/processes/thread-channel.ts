/**
 * The channel between the thread that trains and its process, which relays messages from and to its parent. The process
 * receives messages during a training step, which blocks the thread: it interrupts the step by shared memory.
 */
import { parentPort, type Worker } from "node:worker_threads";
import {
  overPort,
  type NumberedMessage,
  type ParentChannel,
  type ParentPort,
  type PortMessage,
} from "./parent-channel.ts";

export interface ThreadChannel extends ParentChannel {
  /** Passes on the flag of a plan that interrupts its steps. Messages that were sent before arrive first. */
  shareInterruption(flag: Int32Array | null): Promise<void>;
}

/** Commands for which a step is dropped: it may take long, and the user waits. */
const INTERRUPTING: ReadonlySet<unknown> = new Set(["cancel", "pause"]);

interface SharedInterruption {
  interruption: Int32Array;
}

/** Opens the channel in the thread. Each message clears the flag: what interrupted the step has arrived. */
export function openThreadChannel(): ThreadChannel {
  let interruption: Int32Array | null = null;
  const port: ParentPort = {
    postMessage: (message) => parentPort!.postMessage(message),
    on: (event, listener) => parentPort!.on(event, (data: PortMessage) => listener({ data })),
  };
  const line = overPort(port);
  return {
    send: (message) => line.send(message),
    listen: (listener) =>
      line.listen((message) => {
        if (interruption !== null) Atomics.store(interruption, 0, 0);
        listener(message);
      }),
    async shareInterruption(flag) {
      interruption = flag;
      if (flag !== null) await line.send({ interruption: flag } satisfies SharedInterruption);
    },
  };
}

/** Relays messages between the parent of this process and the thread, in the order in which they are sent. */
export function relayMessages(parent: ParentChannel, thread: Worker): void {
  let interruption: Int32Array | null = null;
  const receive = async ({ number, message }: NumberedMessage): Promise<void> => {
    if (isInterruption(message)) ({ interruption } = message);
    else await parent.send(message);
    thread.postMessage({ received: number } satisfies PortMessage);
  };
  thread.on("message", (message: NumberedMessage) => void receive(message));
  parent.listen((message) => {
    if (interruption !== null && INTERRUPTING.has((message as { type?: unknown }).type)) {
      Atomics.store(interruption, 0, 1);
    }
    thread.postMessage({ message } satisfies PortMessage);
  });
}

function isInterruption(message: unknown): message is SharedInterruption {
  return typeof message === "object" && message !== null && "interruption" in message;
}
