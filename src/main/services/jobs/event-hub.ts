/** Sends events to every window. */
import type { EventMessage, Events } from "../../../contract/api/events.ts";
import type { EventName } from "../../../contract/api/method-names.ts";

export class EventHub {
  readonly #listeners = new Set<(message: EventMessage) => void>();

  /** @returns a function that removes the listener */
  listen(listener: (message: EventMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit<Name extends EventName>(event: Name, data: Events[Name]): void {
    for (const listener of this.#listeners) listener({ event, data } as EventMessage);
  }
}
