/** An experiment, updated whenever one of its runs changes. */
import { useThrottleFn } from "@vueuse/core";
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { ExperimentOverview } from "../../../contract/domain/experiments.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";
import { client, useConnection } from "../../api/client.ts";

export interface WatchedExperiment {
  /** Null before the first answer. */
  experiment: ShallowRef<ExperimentOverview | null>;
  /** Preparation of the first run, which has the limitations; null before the first answer. */
  preparation: ShallowRef<Preparation | null>;
  error: ShallowRef<ErrorReport | null>;
  reload: () => Promise<void>;
}

/** Runs of a small experiment end in quick succession, and each end sends several events. */
const MIN_INTERVAL_MS = 250;

export function useExperiment(id: Ref<number>): WatchedExperiment {
  const experiment = shallowRef<ExperimentOverview | null>(null);
  const preparation = shallowRef<Preparation | null>(null);
  const error = shallowRef<ErrorReport | null>(null);
  let latest = 0;
  const reload = async (): Promise<void> => {
    const mine = ++latest;
    try {
      const found = await client.call("experiments.get", { experiment: id.value });
      if (mine !== latest) return;
      [experiment.value, error.value] = [found, null];
      if (preparation.value !== null || found.runs.length === 0) return;
      const first = await client.call("runs.get", { run: found.runs[0].run });
      if (id.value === found.id) preparation.value = first.preparation;
    } catch (reason) {
      if (mine === latest) error.value = reportError(reason);
    }
  };
  const soon = useThrottleFn(reload, MIN_INTERVAL_MS, true);
  onScopeDispose(client.on("run.changed", () => void soon()));
  // The best value changes from epoch to epoch.
  onScopeDispose(
    client.on("run.epoch", ({ run }) => {
      if (experiment.value?.runs.some((each) => each.run === run)) void soon();
    }),
  );
  const { connected } = useConnection();
  watch(
    [id, connected],
    ([shown, isConnected]) => {
      if (experiment.value?.id !== shown) [experiment.value, preparation.value] = [null, null];
      if (isConnected) void reload();
    },
    { immediate: true },
  );
  return { experiment, preparation, error, reload };
}
