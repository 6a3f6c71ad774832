/** A page's side of the contract, over IPC or WebSocket. */
import type { Events } from "./events.ts";
import type { EventName } from "./method-names.ts";
import type { Call } from "./methods.ts";

/** `lost`: calls fail until the client has reconnected; it retries automatically. */
export type Connection = "connecting" | "connected" | "lost" | "refused";

export interface Client {
  call: Call;
  /** Listens to an event. @returns a function that stops listening */
  on<Name extends EventName>(name: Name, listener: (data: Events[Name]) => void): () => void;
}
