/**
 * Warnings about the workspace since it was opened: above each screen until they are dismissed in this window, then in
 * the settings.
 */
import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

export const useWorkspaceWarnings = defineStore("workspace-warnings", () => {
  const { items } = freshList(
    () => client.call("workspace.warnings", {}),
    (changed) => client.on("notice", changed),
  );
  const dismissed = ref<readonly string[]>([]);
  return {
    shown: computed(() => items.value.filter((warning) => !dismissed.value.includes(warning))),
    dismissed: computed(() => items.value.filter((warning) => dismissed.value.includes(warning))),
    dismiss: (warning: string): void => {
      dismissed.value = [...dismissed.value, warning];
    },
  };
});
