/** What was chosen for each dataset's preparation and not prepared yet: it stays while one looks at other screens, and on loading anew. */
import { useSessionStorage } from "@vueuse/core";
import { defineStore } from "pinia";
import { DEFAULT_PROTOCOL, defaultPreparation } from "../../contract/settings/defaults.ts";
import { preparationSettingsSchema, type PreparationSettings } from "../../contract/domain/preparation.ts";

export const usePreparationForms = defineStore("preparation-forms", () => {
  const forms = useSessionStorage<Record<string, unknown>>("ectopy.preparation-forms", {});
  return {
    /** Settings that are not as they should be, as of an older Ectopy, are forgotten. */
    get: (dataset: number): PreparationSettings =>
      preparationSettingsSchema.safeParse(forms.value[dataset]).data ?? defaultPreparation(DEFAULT_PROTOCOL),
    set: (dataset: number, settings: PreparationSettings): void => {
      forms.value = { ...forms.value, [dataset]: settings };
    },
  };
});
