/** Networks and training settings with unsaved changes. They are kept while the user visits other screens. */
import { useSessionStorage } from "@vueuse/core";
import { defineStore } from "pinia";
import { z } from "zod";
import { networkSchema } from "../../contract/domain/networks.ts";
import { trainingSettingsSchema, type TrainingSettings } from "../../contract/domain/training.ts";

/** All training settings except the network. */
export type TrainingForm = Omit<TrainingSettings, "network">;

const draftSchema = z.object({
  network: networkSchema,
  training: trainingSettingsSchema.omit({ network: true }),
  /** Number of runs that differ only in their seed. */
  repeats: z.int().min(1).max(100),
});
export type ModelDraft = z.infer<typeof draftSchema>;

export const useModelDrafts = defineStore("model-drafts", () => {
  const drafts = useSessionStorage<Record<string, unknown>>("ectopy.model-drafts", {});
  const preparation = useSessionStorage<number | null>("ectopy.model-preparation", null, {
    serializer: { read: (text) => Number(text) || null, write: (value) => String(value ?? "") },
  });
  return {
    /** The preparation that was selected last. */
    preparation,
    /** @param variant the name of a preset, the number of a saved network, or `new` */
    get: (variant: string): ModelDraft | undefined => draftSchema.safeParse(drafts.value[variant]).data,
    set: (variant: string, draft: ModelDraft): void => {
      drafts.value = { ...drafts.value, [variant]: draft };
    },
    forget: (variant: string): void => {
      drafts.value = Object.fromEntries(Object.entries(drafts.value).filter(([name]) => name !== variant));
    },
  };
});
