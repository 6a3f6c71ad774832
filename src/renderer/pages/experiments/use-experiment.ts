/** An experiment, updated whenever one of its runs changes. */
import { useThrottleFn } from "@vueuse/core";
import { computed, onScopeDispose, type ComputedRef, type Ref, type ShallowRef } from "vue";
import type { ErrorReport } from "../../../contract/domain/errors.ts";
import type { ExperimentOverview, ExperimentResults } from "../../../contract/domain/experiments.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";
import { client } from "../../api/client.ts";
import { useQuery } from "../../base/use-query.ts";

export interface WatchedExperiment {
  /** Null before the first answer. */
  experiment: ShallowRef<ExperimentOverview | null>;
  /** Preparation of the first run, which has the limitations; null before the first answer. */
  preparation: ComputedRef<Preparation | null>;
  /** Results over the completed runs; null before the first answer. */
  results: ShallowRef<ExperimentResults | null>;
  error: ComputedRef<ErrorReport | null>;
  reload: () => Promise<void>;
}

/** Runs of a small experiment end in quick succession, and each end sends several events. */
const MIN_INTERVAL_MS = 250;

export function useExperiment(id: Ref<number>): WatchedExperiment {
  const overview = useQuery(
    () => ({ experiment: id.value }),
    (input) => client.call("experiments.get", input),
  );
  const refresh = useThrottleFn(overview.reload, MIN_INTERVAL_MS, true);
  onScopeDispose(client.on("run.changed", () => void refresh()));
  // The best value changes from epoch to epoch.
  onScopeDispose(
    client.on("run.epoch", ({ run }) => {
      if (overview.data.value?.runs.some((each) => each.run === run)) void refresh();
    }),
  );
  const firstRun = useQuery(
    () => {
      const first = overview.data.value?.runs[0];
      return first === undefined ? null : { run: first.run };
    },
    (input) => client.call("runs.get", input),
  );
  const results = useQuery(
    () => overview.data.value && { experiment: overview.data.value.id, completed: completedOf(overview.data.value) },
    ({ experiment }) => client.call("experiments.results", { experiment }),
    { keepData: (now, before) => now.experiment === before.experiment },
  );
  return {
    experiment: overview.data,
    results: results.data,
    preparation: computed(() => firstRun.data.value?.preparation ?? null),
    error: computed(() => overview.error.value ?? firstRun.error.value ?? results.error.value),
    reload: overview.reload,
  };
}

/** The results change with each run that is completed, and with each completed run that is removed. */
function completedOf({ runs }: ExperimentOverview): number[] {
  return runs.filter(({ status }) => status === "completed").map(({ run }) => run);
}
