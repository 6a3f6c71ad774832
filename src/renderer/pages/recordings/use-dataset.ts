/** A dataset with its records, fresh. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";
import type { DatasetDetails } from "../../../contract/domain/datasets.ts";
import { reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import { client, useConnection } from "../../api/client.ts";

export interface DatasetState {
  /** Null until it is there, and where there is none. */
  details: ShallowRef<DatasetDetails | null>;
  error: ShallowRef<ErrorReport | null>;
  reload: () => Promise<void>;
}

/** @param id which; null: none */
export function useDataset(id: () => number | null): DatasetState {
  const details = shallowRef<DatasetDetails | null>(null);
  const error = shallowRef<ErrorReport | null>(null);
  const { connected } = useConnection();
  const reload = async (): Promise<void> => {
    const dataset = id();
    if (details.value?.dataset.id !== dataset) details.value = null;
    error.value = null;
    if (dataset === null || !connected.value) return;
    try {
      const found = await client.call("datasets.get", { dataset });
      if (id() === dataset) details.value = found;
    } catch (reason) {
      if (id() === dataset) error.value = reportError(reason);
    }
  };
  watch([id, connected], () => void reload(), { immediate: true });
  onScopeDispose(client.on("datasets.changed", () => void reload()));
  return { details, error, reload };
}
