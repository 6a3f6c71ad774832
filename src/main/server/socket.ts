/** The WebSocket of a page: frames of the contract in both directions. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { z } from "zod";
import { reportError } from "../../contract/domain/errors.ts";
import { decodeFrame, encodeFrame } from "../../contract/api/frames.ts";
import { MAX_CONCURRENT_CALLS, type ServerMessage } from "../../contract/api/messages.ts";
import { answer } from "../api/answer.ts";
import type { Host } from "../api/host.ts";
import type { Access } from "./access.ts";
import { logger } from "../base/logger.ts";

const serverLog = logger("server");

export const SOCKET_PATH = "/socket";
/** Limit on a call: arguments are small, settings and names. */
const MAX_CALL_BYTES = 1_000_000;
/** A page with more unsent data is disconnected; it reconnects and loads its data again. */
const MAX_BACKLOG_BYTES = 256_000_000;
/** Interval between two pings of a page. */
const PING_INTERVAL_MS = 20_000;

const callSchema = z.strictObject({ id: z.int().min(0), method: z.string().max(100), args: z.unknown() });
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export interface Sockets {
  close(): Promise<void>;
}

/** WebSocket close codes (RFC 6455, 7.4.1). */
const UNSUPPORTED_DATA = 1003;
const GOING_AWAY = 1001;
const POLICY_VIOLATION = 1008;

export function serveSockets(
  server: Server,
  { host, access, log }: { host: Host; access: Access; log: (trace: string) => void },
): Sockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CALL_BYTES, perMessageDeflate: false });
  const alive = new WeakSet<WebSocket>();

  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", () => stream.destroy());
    const refusal = request.url === SOCKET_PATH ? access.check(request.headers) : "host";
    if (refusal !== null) {
      stream.end(
        `HTTP/1.1 ${refusal === "session" ? "401 Unauthorized" : "403 Forbidden"}\r\nConnection: close\r\n\r\n`,
      );
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => sockets.emit("connection", socket, request));
  });

  const send = (socket: WebSocket, message: ServerMessage): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BACKLOG_BYTES) socket.terminate();
    else socket.send(encodeFrame(message, { encoder }));
  };

  sockets.on("connection", (socket: WebSocket) => {
    alive.add(socket);
    let calls = 0;
    const unlisten = host.events.listen((event) => send(socket, event));
    socket.on("pong", () => alive.add(socket));
    // `close` follows and reports it.
    socket.on("error", () => {});
    socket.on("close", unlisten);
    socket.on("message", (data: RawData, isBinary: boolean) => {
      let call: z.infer<typeof callSchema>;
      try {
        if (!isBinary) throw new TypeError("Expected a binary frame.");
        call = callSchema.parse(decodeFrame(data as Buffer, { decoder }));
      } catch (error) {
        serverLog.warning("A window sent an invalid frame", error);
        socket.close(UNSUPPORTED_DATA, "not a frame");
        return;
      }
      if (++calls > MAX_CONCURRENT_CALLS) {
        socket.close(POLICY_VIOLATION, "too many calls");
        return;
      }
      void answer(host.handlers, call.method, call.args, log)
        .then((reply) => send(socket, { id: call.id, ...reply }))
        .catch((error: unknown) => send(socket, { id: call.id, ok: false, error: reportError(error) }))
        .finally(() => calls--);
    });
  });

  const beat = setInterval(() => {
    for (const socket of sockets.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }, PING_INTERVAL_MS);

  return {
    close: async () => {
      clearInterval(beat);
      for (const socket of sockets.clients) socket.close(GOING_AWAY, "Ectopy was closed");
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}
