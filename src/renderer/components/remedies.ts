/** Remedies that a screen offers where a stored item is damaged or missing. */
import type { StoredItem } from "../../contract/domain/integrity.ts";

export interface Remedy {
  /** Label of the button. */
  label: string;
  /** Page on which the item is made again; null: it is prepared again at once, as a job. */
  route: string | null;
}

/** Returns null where nothing needs to be done: a run is resumed from an earlier checkpoint. */
export function remedyOf({ kind, id }: StoredItem): Remedy | null {
  switch (kind) {
    case "datasets":
      return { label: "Import again", route: "/" };
    case "preparations":
      return { label: "Prepare again", route: null };
    case "runs":
      return { label: "Train again", route: `/model?run=${id}` };
    case "checkpoints":
      return null;
  }
}
