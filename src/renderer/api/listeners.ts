/** Who listens to which event, for clients of every kind. */
import type { EventMessage, Events } from "../../contract/api/events.ts";
import type { EventName } from "../../contract/api/method-names.ts";

export class Listeners {
  readonly #listeners = new Map<EventName, Set<(data: never) => void>>();

  /** @returns ends it */
  add<Name extends EventName>(name: Name, listener: (data: Events[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  tell({ event, data }: EventMessage): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(data as never);
  }
}
