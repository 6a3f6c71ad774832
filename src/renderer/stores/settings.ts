/** The user's settings, shared by all windows. */
import { defineStore } from "pinia";
import { computed } from "vue";
import { settingsSchema, type Settings, type SettingsChange } from "../../contract/settings/app-settings.ts";
import { client } from "../api/client.ts";
import { useQuery } from "../base/use-query.ts";

export const useSettings = defineStore("settings", () => {
  const defaults = settingsSchema.parse({});
  const { data } = useQuery(
    () => true,
    () => client.call("settings.get", {}),
  );
  // The event carries the settings; messages keep their order, so an answer that arrives later is not older.
  client.on("settings.changed", (changed) => (data.value = changed));
  return {
    /** Whether the stored settings are known; until then, `settings` has the defaults. */
    isReady: computed(() => data.value !== null),
    settings: computed((): Settings => data.value ?? defaults),
    change: async (change: SettingsChange): Promise<void> => {
      data.value = await client.call("settings.set", change);
    },
  };
});
