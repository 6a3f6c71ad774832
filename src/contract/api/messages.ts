/** How calls and answers travel between a window and its shell, whatever carries them. */
import type { ErrorReport } from "../domain/errors.ts";
import type { EventMessage } from "./events.ts";
import type { MethodName } from "./method-names.ts";

export interface CallMessage {
  /** The caller's number for it, given back with the answer. */
  id: number;
  method: MethodName;
  args: unknown;
}

export type Reply = { ok: true; value: unknown } | { ok: false; error: ErrorReport };

export type ServerMessage = ({ id: number } & Reply) | EventMessage;

/** Calls of one page at the same time, over a socket: a page holds more back, and the server lets one go that does not. */
export const MOST_CALLS = 64;
