/** Renames stored items, with an Undo in the notice. */
import type { ItemKind } from "../../contract/domain/names.ts";
import { client } from "../api/client.ts";
import { useAttempt, useToasts } from "../stores/toasts.ts";

interface NamedItem {
  id: number;
  name: string;
}

export function useRename(): (kind: ItemKind, item: NamedItem, name: string) => Promise<void> {
  const toasts = useToasts();
  const attempt = useAttempt();
  return (kind, { id, name: before }, name) =>
    attempt(async () => {
      await rename(kind, id, name);
      toasts.success(name === "" ? `The name “${before}” was removed.` : `Renamed to “${name}”.`, {
        label: "Undo",
        run: async () => void (await rename(kind, id, before)),
      });
    });
}

function rename(kind: ItemKind, id: number, name: string): Promise<null> {
  switch (kind) {
    case "datasets":
      return client.call("datasets.rename", { dataset: id, name });
    case "preparations":
      return client.call("preparations.rename", { preparation: id, name });
    case "annotationSets":
      return client.call("annotationSets.rename", { set: id, name });
    case "runs":
      return client.call("runs.rename", { run: id, name });
  }
}
