/** The bin, updated at each change, and its actions. */
import { useThrottleFn } from "@vueuse/core";
import type { Bin, BinItem } from "../../../contract/domain/integrity.ts";
import { client } from "../../api/client.ts";
import { counted } from "../../base/format.ts";
import { freshValue, type FreshValue } from "../../stores/fresh-value.ts";
import { useAttempt, useToasts } from "../../stores/toasts.ts";

/** Emptying the bin changes thousands of runs at once; each answer measures all folders in the bin. */
const MIN_INTERVAL_MS = 500;

export interface BinActions {
  restore: (item: BinItem) => Promise<void>;
  empty: () => Promise<void>;
}

export function useBin(): FreshValue<Bin> & BinActions {
  const toasts = useToasts();
  const attempt = useAttempt();
  const bin = freshValue<Bin>(
    { items: [], bytes: 0 },
    () => client.call("workspace.bin", {}),
    (changed) => {
      const throttled = useThrottleFn(changed, MIN_INTERVAL_MS, true);
      const unsubscribe = (
        [
          "datasets.changed",
          "preparations.changed",
          "networks.changed",
          "annotationSets.changed",
          "run.changed",
        ] as const
      ).map((event) => client.on(event, () => void throttled()));
      return () => unsubscribe.forEach((end) => end());
    },
  );
  return {
    ...bin,
    restore: (item) =>
      attempt(async () => {
        await restore(item);
        toasts.success(`${item.title} was restored.`);
      }),
    empty: () =>
      attempt(async () => {
        const { items } = await client.call("workspace.emptyBin", {});
        toasts.success(`The bin was emptied: ${counted(items, "item")} deleted.`);
      }),
  };
}

function restore({ kind, id }: BinItem): Promise<null> {
  switch (kind) {
    case "datasets":
      return client.call("datasets.restore", { dataset: id });
    case "preparations":
      return client.call("preparations.restore", { preparation: id });
    case "runs":
      return client.call("runs.restore", { run: id });
    case "networks":
      return client.call("networks.restore", { network: id });
    case "annotationSets":
      return client.call("annotationSets.restore", { set: id });
  }
}
