/** Messages between a page and its shell, over IPC or WebSocket. */
import type { ErrorReport } from "../domain/errors.ts";
import type { EventMessage } from "./events.ts";
import type { MethodName } from "./method-names.ts";

export interface CallMessage {
  /** The caller's number of the call, returned with the answer. */
  id: number;
  method: MethodName;
  args: unknown;
}

export type Reply = { ok: true; value: unknown } | { ok: false; error: ErrorReport };

export type ServerMessage = ({ id: number } & Reply) | EventMessage;

/**
 * Concurrent calls of one page over a socket. A page delays further calls, and the server disconnects a page that does
 * not.
 */
export const MAX_CONCURRENT_CALLS = 64;
