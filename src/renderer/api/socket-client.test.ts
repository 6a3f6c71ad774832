import { expect, it, vi } from "vitest";
import { decodeFrame, encodeFrame } from "../../contract/api/frames.ts";
import { MAX_CONCURRENT_CALLS, type ServerMessage } from "../../contract/api/messages.ts";
import { createSocketClient } from "./socket-client.ts";

/** A server stub: records what it receives, and answers when the test asks it to. */
class StubSocket extends EventTarget {
  static last: StubSocket;
  readonly sent: number[] = [];
  constructor() {
    super();
    StubSocket.last = this;
  }
  send(frame: Uint8Array): void {
    this.sent.push((decodeFrame(frame, { decoder: new TextDecoder() }) as { id: number }).id);
  }
  answer(id: number): void {
    const message: ServerMessage = { id, ok: true, value: id };
    const { buffer, byteOffset, byteLength } = encodeFrame(message, { encoder: new TextEncoder() });
    const data = buffer.slice(byteOffset, byteOffset + byteLength);
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

it("queues calls above the server's limit, and fails all unanswered calls when the connection is lost", async () => {
  vi.stubGlobal("WebSocket", StubSocket);
  vi.stubGlobal("fetch", () => Promise.reject(new Error("gone")));
  const client = createSocketClient(new URL("http://127.0.0.1/socket"), () => {});
  const socket = StubSocket.last;
  socket.dispatchEvent(new Event("open"));
  const calls = Array.from({ length: MAX_CONCURRENT_CALLS + 3 }, () => client.call("app.info", {}));
  const outcomes = Promise.allSettled(calls);
  await settled();
  expect(socket.sent).toHaveLength(MAX_CONCURRENT_CALLS);
  socket.answer(1);
  socket.answer(2);
  await settled();
  expect(socket.sent).toEqual(Array.from({ length: MAX_CONCURRENT_CALLS + 2 }, (_, i) => i + 1));
  expect(await Promise.all(calls.slice(0, 2))).toEqual([1, 2]);
  socket.dispatchEvent(new Event("close"));
  const failed = (await outcomes).filter(({ status }) => status === "rejected");
  expect(failed).toHaveLength(MAX_CONCURRENT_CALLS + 1);
});
