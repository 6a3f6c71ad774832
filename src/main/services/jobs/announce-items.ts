/** Tells every window that items were removed, restored or deleted, so that windows reload their lists. */
import type { RemovableItem } from "../../store/removed.ts";
import type { EventHub } from "./event-hub.ts";

/** @returns null, the answer of methods without a value */
export function announceItems(events: EventHub, items: readonly RemovableItem[]): null {
  for (const { kind, id } of items) if (kind === "runs") events.emit("run.changed", { run: id });
  for (const kind of new Set(items.map((item) => item.kind))) {
    if (kind === "annotationSets") events.emit("annotationSets.changed", { dataset: null });
    else if (kind !== "runs") events.emit(`${kind}.changed`, null);
  }
  return null;
}
