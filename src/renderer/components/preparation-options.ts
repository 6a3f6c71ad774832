/** The prepared sets to choose from, newest first: of which recordings, under which protocol. */
import { computed, type ComputedRef } from "vue";
import { useDatasets } from "../stores/datasets.ts";
import { usePreparations } from "../stores/preparations.ts";

export function usePreparationOptions(): ComputedRef<{ value: number; label: string }[]> {
  const preparations = usePreparations();
  const datasets = useDatasets();
  const nameOf = (dataset: number): string => datasets.items.find(({ id }) => id === dataset)?.name ?? "?";
  return computed(() =>
    preparations.items.toReversed().map(({ id, datasetId, settings, summary }) => ({
      value: id,
      label: `Set ${id}: ${nameOf(datasetId)}, ${settings.protocol}, ${summary.labels.length} classes`,
    })),
  );
}
