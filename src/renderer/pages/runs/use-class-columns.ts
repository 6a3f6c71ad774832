/** The columns of each class, requested when they are first needed and after each change of a run. */
import { computed, type ComputedRef } from "vue";
import { client } from "../../api/client.ts";
import { useQuery } from "../../base/use-query.ts";
import { classColumns } from "./class-columns.ts";
import type { RunColumn } from "./columns.ts";

export interface ClassColumns {
  /** Empty until they are needed and loaded. */
  columns: ComputedRef<RunColumn[]>;
  labels: ComputedRef<readonly string[]>;
  isLoading: ComputedRef<boolean>;
}

/** Changes of runs within this time, in ms, are one change. */
const BURST_MS = 1000;

export function useClassColumns(areNeeded: () => boolean): ClassColumns {
  const { data, loading } = useQuery(
    () => (areNeeded() ? {} : null),
    (input) => client.call("runs.classMetrics", input),
    {
      keepData: () => true,
      refreshOn: (changed) => {
        let timer: ReturnType<typeof setTimeout> | undefined;
        const unlisten = client.on("run.changed", () => {
          timer ??= setTimeout(() => {
            timer = undefined;
            changed();
          }, BURST_MS);
        });
        return () => {
          clearTimeout(timer);
          unlisten();
        };
      },
    },
  );
  return {
    columns: computed(() => (data.value === null ? [] : classColumns(data.value))),
    labels: computed(() => data.value?.labels ?? []),
    isLoading: computed(() => loading.value && data.value === null),
  };
}
