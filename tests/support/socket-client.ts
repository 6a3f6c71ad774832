/**
 * A page's side of the server, for tests: the cookie from the printed address, calls over the socket, events as they
 * arrive.
 */
import { WebSocket } from "ws";
import type { Events } from "../../src/contract/api/events.ts";
import { errorFromReport } from "../../src/contract/domain/errors.ts";
import { decodeFrame, encodeFrame } from "../../src/contract/api/frames.ts";
import type { ServerMessage } from "../../src/contract/api/messages.ts";
import type { EventName, MethodName } from "../../src/contract/api/method-names.ts";
import type { Answer, Arguments, Call } from "../../src/contract/api/methods.ts";

export interface TestClient {
  call: Call;
  socket: WebSocket;
  events: Extract<ServerMessage, { event: string }>[];
  /** Resolves with the next event of a name that matches. */
  until<Name extends EventName>(name: Name, fits: (data: Events[Name]) => boolean): Promise<Events[Name]>;
}

export const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** Returns the cookie that `/enter` sets, as a browser sends it back. */
export async function enter(url: string): Promise<string> {
  const response = await fetch(url);
  const cookie = response.headers.get("set-cookie");
  if (cookie === null) throw new Error(`The server did not let us in (${response.status}).`);
  return cookie.split(";")[0];
}

/**
 * Returns an address for another browser, which works once, as Settings offer it.
 * @param url any address of the server
 */
export async function newAddress(url: string, cookie: string): Promise<string> {
  const { origin } = new URL(url);
  const response = await fetch(`${origin}/addresses`, { method: "POST", headers: { cookie, origin } });
  if (!response.ok) throw new Error(`The server gave no address (${response.status}).`);
  return ((await response.json()) as { value: { url: string } }).value.url;
}

/** @param url the printed address */
export async function connect(url: string, cookie: string): Promise<TestClient> {
  const { host, origin } = new URL(url);
  const socket = new WebSocket(`ws://${host}/socket`, { headers: { cookie, origin } });
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  const events: TestClient["events"] = [];
  const watchers = new Set<() => void>();
  let nextId = 1;
  socket.on("message", (data: Buffer) => {
    const message = decodeFrame(data, { decoder }) as ServerMessage;
    if ("event" in message) {
      events.push(message);
      for (const watch of watchers) watch();
      return;
    }
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) call?.resolve(message.value as never);
    else call?.reject(errorFromReport(message.error));
  });
  await new Promise<void>((resolve, reject) => socket.once("open", () => resolve()).once("error", reject));
  return {
    socket,
    events,
    call: <Name extends MethodName>(method: Name, args: Arguments<Name>) =>
      new Promise<Answer<Name>>((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        socket.send(encodeFrame({ id, method, args }, { encoder }));
      }),
    until: (name, fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = events.find((message) => message.event === name && fits(message.data as never));
          if (!found) return;
          watchers.delete(look);
          resolve(found.data as never);
        };
        watchers.add(look);
        look();
      }),
  };
}
