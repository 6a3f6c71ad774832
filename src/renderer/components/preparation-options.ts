/** Options for the choice of a preparation, newest first, each with its dataset, protocol and number of classes. */
import { preparationTitle } from "../../contract/domain/names.ts";
import { computed, type ComputedRef } from "vue";
import { useDatasets } from "../stores/datasets.ts";
import { protocolName } from "../../contract/settings/setting-table.ts";
import { usePreparations } from "../stores/preparations.ts";

export function usePreparationOptions(): ComputedRef<{ value: number; label: string }[]> {
  const preparations = usePreparations();
  const datasets = useDatasets();
  const nameOf = (dataset: number): string => datasets.items.find(({ id }) => id === dataset)?.name ?? "?";
  return computed(() =>
    preparations.items.toReversed().map(({ id, name, datasetId, settings, summary }) => ({
      value: id,
      label: `${preparationTitle({ id, name })} (${nameOf(datasetId)}, ${protocolName(settings.protocol)}, ${summary.labels.length} classes)`,
    })),
  );
}
