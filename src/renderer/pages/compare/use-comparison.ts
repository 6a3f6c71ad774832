/** Comparison of runs with their epochs, updated while any of the runs changes. */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import type { RunComparison } from "../../../contract/domain/comparison.ts";
import { reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { EpochMetrics } from "../../../contract/domain/training.ts";
import { client, useConnection } from "../../api/client.ts";

export interface Compared {
  /** Null before the first answer. */
  comparison: ShallowRef<RunComparison | null>;
  /** By run. */
  epochs: ShallowRef<ReadonlyMap<number, EpochMetrics[]>>;
  error: ShallowRef<ErrorReport | null>;
  reload: () => Promise<void>;
}

export function useComparison(runs: Ref<readonly number[]>): Compared {
  const comparison = shallowRef<RunComparison | null>(null);
  const epochs = shallowRef<ReadonlyMap<number, EpochMetrics[]>>(new Map());
  const error = shallowRef<ErrorReport | null>(null);
  let latest = 0;
  const reload = async (): Promise<void> => {
    const mine = ++latest;
    const ids = [...runs.value];
    if (ids.length === 0) {
      [comparison.value, error.value] = [null, null];
      return;
    }
    try {
      const [found, ...curves] = await Promise.all([
        client.call("comparison.runs", { runs: ids }),
        ...ids.map((run) => client.call("runs.epochs", { run })),
      ]);
      if (mine !== latest) return;
      epochs.value = new Map(ids.map((id, i) => [id, curves[i]]));
      [comparison.value, error.value] = [found, null];
    } catch (reason) {
      if (mine === latest) error.value = reportError(reason);
    }
  };
  onScopeDispose(client.on("run.changed", ({ run }) => runs.value.includes(run) && void reload()));
  const { connected } = useConnection();
  watch([runs, connected], ([, is]) => is && void reload(), { immediate: true });
  return { comparison, epochs, error, reload };
}
