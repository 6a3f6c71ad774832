/** Comparison of runs with their epochs, updated while any of the runs changes. */
import { computed, type ComputedRef, type Ref } from "vue";
import type { RunComparison } from "../../../contract/domain/comparison.ts";
import type { EpochMetrics } from "../../../contract/domain/training.ts";
import { client } from "../../api/client.ts";
import { useQuery, type Query } from "../../base/use-query.ts";

export interface Compared extends Pick<Query<unknown>, "error" | "reload"> {
  /** Null before the first answer, and without runs. */
  comparison: ComputedRef<RunComparison | null>;
  /** Epochs by run. */
  epochs: ComputedRef<ReadonlyMap<number, EpochMetrics[]>>;
}

const NO_EPOCHS: ReadonlyMap<number, EpochMetrics[]> = new Map();

export function useComparison(runs: Ref<readonly number[]>): Compared {
  const { data, error, reload } = useQuery(
    () => (runs.value.length === 0 ? null : runs.value),
    async (ids) => {
      const [comparison, ...epochs] = await Promise.all([
        client.call("comparison.runs", { runs: [...ids] }),
        ...ids.map((run) => client.call("runs.epochs", { run })),
      ]);
      return { comparison, epochs: new Map(ids.map((id, i) => [id, epochs[i]])) };
    },
    {
      keepData: () => true,
      refreshOn: (changed) => client.on("run.changed", ({ run }) => runs.value.includes(run) && changed()),
    },
  );
  return {
    comparison: computed(() => data.value?.comparison ?? null),
    epochs: computed(() => data.value?.epochs ?? NO_EPOCHS),
    error,
    reload,
  };
}
