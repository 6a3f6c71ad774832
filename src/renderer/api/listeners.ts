/** The listeners of each event, for both kinds of client. */
import type { EventMessage, Events } from "../../contract/api/events.ts";
import type { EventName } from "../../contract/api/method-names.ts";

export class Listeners {
  readonly #listeners = new Map<EventName, Set<(data: never) => void>>();

  /** @returns the function that removes the listener */
  add<Name extends EventName>(name: Name, listener: (data: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit({ event, data }: EventMessage): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(data as never);
  }
}
