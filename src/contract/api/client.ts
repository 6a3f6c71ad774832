/** A window's side of the contract, whatever carries it. */
import type { Events } from "./events.ts";
import type { EventName } from "./method-names.ts";
import type { Call } from "./methods.ts";

/** `lost`: calls fail until it is `connected` again, which the client tries by itself. */
export type Connection = "connecting" | "connected" | "lost" | "refused";

export interface Client {
  call: Call;
  /** @returns ends it */
  on<Name extends EventName>(name: Name, listener: (data: Events[Name]) => void): () => void;
}
