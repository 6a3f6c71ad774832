/** Moves stored items to the bin, with an Undo in the notice. */
import type { ItemKind } from "../../contract/domain/names.ts";
import { client } from "../api/client.ts";
import { counted } from "../base/format.ts";
import { useAttempt, useToasts } from "../stores/toasts.ts";

/**
 * Returns a function that removes an item and resolves to whether it was removed.
 * The title begins the notice, such as `Run 3`.
 */
export function useRemove(): (kind: ItemKind, id: number, title: string) => Promise<boolean> {
  const toasts = useToasts();
  const attempt = useAttempt();
  return async (kind, id, title) => {
    const { remove, restore } = callsOf(kind, id);
    let removed = false;
    await attempt(async () => {
      await remove();
      removed = true;
      toasts.success(`${title} was removed.`, { label: "Undo", run: async () => void (await restore()) });
    });
    return removed;
  };
}

/** Returns a function that moves several runs to the bin, with one Undo; it resolves to whether they were removed. */
export function useRemoveRuns(): (runs: number[]) => Promise<boolean> {
  const toasts = useToasts();
  const attempt = useAttempt();
  return async (runs) => {
    let removed = false;
    await attempt(async () => {
      await client.call("runs.removeAll", { runs });
      removed = true;
      const undo = async (): Promise<void> => void (await client.call("runs.restoreAll", { runs }));
      toasts.success(`${counted(runs.length, "run")} ${runs.length === 1 ? "was" : "were"} removed.`, {
        label: "Undo",
        run: undo,
      });
    });
    return removed;
  };
}

interface Calls {
  remove: () => Promise<null>;
  restore: () => Promise<null>;
}

function callsOf(kind: ItemKind, id: number): Calls {
  switch (kind) {
    case "datasets":
      return {
        remove: () => client.call("datasets.remove", { dataset: id }),
        restore: () => client.call("datasets.restore", { dataset: id }),
      };
    case "preparations":
      return {
        remove: () => client.call("preparations.remove", { preparation: id }),
        restore: () => client.call("preparations.restore", { preparation: id }),
      };
    case "annotationSets":
      return {
        remove: () => client.call("annotationSets.remove", { set: id }),
        restore: () => client.call("annotationSets.restore", { set: id }),
      };
    case "runs":
      return {
        remove: () => client.call("runs.remove", { run: id }),
        restore: () => client.call("runs.restore", { run: id }),
      };
  }
}
