/**
 * The client in a browser tab: frames over a WebSocket, which is opened again whenever it was lost. What was asked and not answered
 * then fails; whoever shows something asks anew once connected.
 */
import type { Client, Connection } from "../../contract/api/client.ts";
import { EctopyError, errorFromReport } from "../../contract/domain/errors.ts";
import { decodeFrame, encodeFrame } from "../../contract/api/frames.ts";
import { MOST_CALLS, type ServerMessage } from "../../contract/api/messages.ts";
import type { Answer, Arguments } from "../../contract/api/methods.ts";
import type { MethodName } from "../../contract/api/method-names.ts";
import { Listeners } from "./listeners.ts";
import { plainArguments } from "./plain-arguments.ts";

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/** A call whose turn has not come. */
interface Held {
  send: () => void;
  reject: (error: Error) => void;
}

/** Between attempts, in ms: quick at first, and never slower than the last. */
const PAUSES = [250, 500, 1000, 2000];

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export function createSocketClient(page: URL, tell: (state: Connection) => void): Client {
  const address = Object.assign(new URL(page), { protocol: page.protocol === "https:" ? "wss:" : "ws:" });
  const listeners = new Listeners();
  const waiting = new Map<number, Waiting>();
  let held: Held[] = [];
  /** Calls made before the first connection. */
  let opened = Promise.withResolvers<WebSocket>();
  let attempts = 0;
  let nextId = 1;

  const open = (): void => {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      attempts = 0;
      opened.resolve(socket);
      tell("connected");
    });
    socket.addEventListener("message", ({ data }: MessageEvent<ArrayBuffer>) => {
      const message = decodeFrame(new Uint8Array(data), { decoder }) as ServerMessage;
      if ("event" in message) {
        listeners.tell(message);
        return;
      }
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      held.shift()?.send();
      if (message.ok) call?.resolve(message.value as never);
      else call?.reject(errorFromReport(message.error));
    });
    socket.addEventListener("close", () => void lost());
  };

  const lost = async (): Promise<void> => {
    for (const { reject } of [...waiting.values(), ...held]) reject(notConnected());
    waiting.clear();
    held = [];
    opened.reject(notConnected());
    opened.promise.catch(() => {});
    opened = Promise.withResolvers();
    // Nobody may be waiting when the next attempt fails.
    opened.promise.catch(() => {});
    tell((await isRefused(page)) ? "refused" : "lost");
    setTimeout(open, PAUSES[Math.min(attempts++, PAUSES.length - 1)]);
  };

  open();
  return {
    call: async <Name extends MethodName>(name: Name, args: Arguments<Name>): Promise<Answer<Name>> => {
      const socket = await opened.promise;
      return new Promise<Answer<Name>>((resolve, reject) => {
        const send = (): void => {
          const id = nextId++;
          waiting.set(id, { resolve, reject });
          socket.send(encodeFrame({ id, method: name, args: plainArguments(args) }, { encoder }));
        };
        if (waiting.size < MOST_CALLS) send();
        else held.push({ send, reject });
      });
    },
    on: (name, listener) => listeners.add(name, listener),
  };
}

/** A socket does not say why it was not opened: a plain request does. */
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
    "Start it again; this page then goes on by itself.",
  );
}
