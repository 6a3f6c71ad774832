/**
 * Settings of each dataset's next preparation. They are kept while the user visits other screens, and across reloads of
 * the page.
 */
import { useSessionStorage } from "@vueuse/core";
import { defineStore } from "pinia";
import { DEFAULT_PROTOCOL, defaultPreparation } from "../../contract/settings/defaults.ts";
import { preparationSettingsSchema, type PreparationSettings } from "../../contract/domain/preparation.ts";

export const usePreparationForms = defineStore("preparation-forms", () => {
  const forms = useSessionStorage<Record<string, unknown>>("ectopy.preparation-forms", {});
  return {
    /** Returns the default settings where the stored ones are invalid, for example those of an earlier version. */
    get: (dataset: number): PreparationSettings =>
      preparationSettingsSchema.safeParse(forms.value[dataset]).data ?? defaultPreparation(DEFAULT_PROTOCOL),
    set: (dataset: number, settings: PreparationSettings): void => {
      forms.value = { ...forms.value, [dataset]: settings };
    },
  };
});
