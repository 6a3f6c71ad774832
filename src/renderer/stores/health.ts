/** The findings of the last workspace check, requested again after each check. */
import { defineStore } from "pinia";
import type { WorkspaceHealth } from "../../contract/domain/integrity.ts";
import { client } from "../api/client.ts";
import { freshValue } from "./fresh-value.ts";

export const useHealth = defineStore("health", () => {
  const { value: latest, ...rest } = freshValue<WorkspaceHealth | null>(
    null,
    () => client.call("workspace.health", {}),
    (changed) => {
      const unsubscribe = [
        client.on("job.changed", ({ kind, state }) => kind === "check" && state !== "running" && changed()),
        // A preparation or dataset that is made again is no longer damaged.
        client.on("preparations.changed", changed),
        client.on("datasets.changed", changed),
      ];
      return () => unsubscribe.forEach((each) => each());
    },
  );
  return { latest, ...rest };
});
