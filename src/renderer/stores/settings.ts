/** The user's settings, shared by all windows. */
import { defineStore } from "pinia";
import { shallowRef, watch } from "vue";
import { settingsSchema, type Settings, type SettingsChange } from "../../contract/settings/app-settings.ts";
import { client, useConnection } from "../api/client.ts";

export const useSettings = defineStore("settings", () => {
  const settings = shallowRef<Settings>(settingsSchema.parse({}));
  client.on("settings.changed", (changed) => (settings.value = changed));
  const { connected } = useConnection();
  watch(connected, async (is) => is && (settings.value = await client.call("settings.get", {})), { immediate: true });
  return {
    settings,
    change: async (change: SettingsChange): Promise<void> => {
      settings.value = await client.call("settings.set", change);
    },
  };
});
