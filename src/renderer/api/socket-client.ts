/**
 * The client in a browser tab: frames over a WebSocket, which reconnects after each loss. Unanswered calls fail at a
 * loss; the screens repeat them once connected.
 */
import type { Client, Connection } from "../../contract/api/client.ts";
import { EctopyError, errorFromReport } from "../../contract/domain/errors.ts";
import { decodeFrame, encodeFrame } from "../../contract/api/frames.ts";
import { MAX_CONCURRENT_CALLS, type ServerMessage } from "../../contract/api/messages.ts";
import type { Answer, Arguments } from "../../contract/api/methods.ts";
import type { MethodName } from "../../contract/api/method-names.ts";
import { Listeners } from "./listeners.ts";
import { plainArguments } from "./plain-arguments.ts";

interface PendingCall {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/** A call that waits until fewer calls are unanswered. */
interface QueuedCall {
  send: () => void;
  reject: (error: Error) => void;
}

/** Delays between attempts to connect: short at first; the last one repeats. */
const RECONNECT_DELAYS_MS = [250, 500, 1000, 2000];

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export function createSocketClient(page: URL, onConnection: (state: Connection) => void): Client {
  const address = Object.assign(new URL(page), { protocol: page.protocol === "https:" ? "wss:" : "ws:" });
  const listeners = new Listeners();
  const pending = new Map<number, PendingCall>();
  let queued: QueuedCall[] = [];
  /** Calls before the next connection wait for it. */
  let opened = Promise.withResolvers<WebSocket>();
  let attempts = 0;
  let nextId = 1;

  const open = (): void => {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      attempts = 0;
      opened.resolve(socket);
      onConnection("connected");
    });
    socket.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
      const message = decodeFrame(new Uint8Array(data), { decoder }) as ServerMessage;
      if ("event" in message) {
        listeners.emit(message);
        return;
      }
      const call = pending.get(message.id);
      pending.delete(message.id);
      queued.shift()?.send();
      if (message.ok) call?.resolve(message.value as never);
      else call?.reject(errorFromReport(message.error));
    });
    socket.addEventListener("close", () => void lost());
  };

  const lost = async (): Promise<void> => {
    for (const { reject } of [...pending.values(), ...queued]) reject(notConnected());
    pending.clear();
    queued = [];
    opened.reject(notConnected());
    opened.promise.catch(() => {});
    opened = Promise.withResolvers();
    // No call may be waiting when the next attempt fails.
    opened.promise.catch(() => {});
    onConnection((await isRefused(page)) ? "refused" : "lost");
    setTimeout(open, RECONNECT_DELAYS_MS[Math.min(attempts++, RECONNECT_DELAYS_MS.length - 1)]);
  };

  open();
  return {
    call: async <Name extends MethodName>(name: Name, args: Arguments<Name>): Promise<Answer<Name>> => {
      const socket = await opened.promise;
      return new Promise<Answer<Name>>((resolve, reject) => {
        const send = (): void => {
          const id = nextId++;
          pending.set(id, { resolve, reject });
          socket.send(encodeFrame({ id, method: name, args: plainArguments(args) }, { encoder }));
        };
        if (pending.size < MAX_CONCURRENT_CALLS) send();
        else queued.push({ send, reject });
      });
    },
    on: (name, listener) => listeners.add(name, listener),
  };
}

/** Whether the server refuses this browser. A socket does not report why it failed to open; a plain request does. */
async function isRefused(page: URL): Promise<boolean> {
  try {
    return (await fetch(new URL("/", page), { cache: "no-store" })).status === 401;
  } catch {
    return false;
  }
}

function notConnected(): EctopyError {
  return new EctopyError(
    "not-connected",
    "Ectopy can't be reached.",
    "Start Ectopy again; this page reconnects automatically.",
  );
}
