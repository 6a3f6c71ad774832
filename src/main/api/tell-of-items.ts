/** Tells every window that items were removed, restored or deleted, so that their lists are asked for again. */
import type { EventHub } from "../services/jobs/event-hub.ts";
import type { RemovableItem } from "../store/removed.ts";

export function tellOfItems(events: EventHub, items: readonly RemovableItem[]): null {
  for (const { kind, id } of items) if (kind === "runs") events.emit("run.changed", { run: id });
  for (const kind of new Set(items.map((item) => item.kind))) {
    if (kind !== "runs") events.emit(`${kind}.changed`, null);
  }
  return null;
}
