/**
 * Settings of each dataset's next preparation. They are kept while the user visits other screens, and across reloads of
 * the page.
 */
import { useSessionStorage } from "@vueuse/core";
import { defineStore } from "pinia";
import { contentsOf, type LeadsAndRate } from "../../contract/domain/dataset-records.ts";
import { DEFAULT_PROTOCOL, defaultPreparation, defaultTablePreparation } from "../../contract/settings/defaults.ts";
import { preparationSettingsSchema, type PreparationSettings } from "../../contract/domain/preparation.ts";

export const usePreparationForms = defineStore("preparation-forms", () => {
  const forms = useSessionStorage<Record<string, unknown>>("ectopy.preparation-forms", {});
  return {
    /**
     * Returns the default settings where the stored ones are invalid, for example those of an earlier version, or do
     * not fit what the dataset has.
     * @param records usable recordings or tables of the dataset
     */
    get: (dataset: number, records: readonly LeadsAndRate[]): PreparationSettings => {
      const stored = preparationSettingsSchema.safeParse(forms.value[dataset]).data;
      const isTable = contentsOf(records) === "beats";
      if (stored !== undefined && isTable === (stored.rowSamples !== undefined)) return stored;
      return isTable ? defaultTablePreparation(records) : defaultPreparation(DEFAULT_PROTOCOL);
    },
    set: (dataset: number, settings: PreparationSettings): void => {
      forms.value = { ...forms.value, [dataset]: settings };
    },
  };
});
