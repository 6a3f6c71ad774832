/**
 * The runs, newest first, with the current state, epochs and remarks of each. The list may hold ten thousand
 * runs, so it is requested once; later changes are requested run by run.
 */
import { defineStore } from "pinia";
import { shallowRef, watch } from "vue";
import { reportError, type ErrorReport } from "../../contract/domain/errors.ts";
import type { RunOverview } from "../../contract/domain/runs.ts";
import { client, useConnection } from "../api/client.ts";
import { LatestRequest } from "../base/latest-request.ts";
import { replaceRun } from "./replace-run.ts";

/** Short epochs end several times a second: the list is rebuilt at most this often. */
const EPOCH_INTERVAL_MS = 500;

/** Changes within this time are one burst. */
const BURST_MS = 20;
/** Above this number of changed runs, the whole list is requested. */
const MAX_SINGLE_REQUESTS = 50;

export const useRuns = defineStore("runs", () => {
  const items = shallowRef<readonly RunOverview[]>([]);
  const state = shallowRef<"loading" | "ready" | "failed">("loading");
  const error = shallowRef<ErrorReport | null>(null);
  /** Runs that changed while the list was requested: the answer may be older than the change. */
  const changedMeanwhile = new Set<number>();
  const epochs = new Map<number, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const latest = new LatestRequest();

  const reload = async (): Promise<void> => {
    const isLatest = latest.begin();
    changedMeanwhile.clear();
    try {
      const loaded = await client.call("runs.list", {});
      if (!isLatest()) return;
      items.value = loaded;
      state.value = "ready";
      error.value = null;
      for (const run of changedMeanwhile) void refresh(run);
    } catch (reason) {
      if (!isLatest()) return;
      state.value = "failed";
      error.value = reportError(reason);
    }
  };

  const requests = new Map<number, LatestRequest>();
  const refresh = async (run: number): Promise<void> => {
    changedMeanwhile.add(run);
    if (state.value !== "ready") return;
    const requestsOfRun = requests.get(run) ?? new LatestRequest();
    requests.set(run, requestsOfRun);
    const isLatestOfRun = requestsOfRun.begin();
    try {
      const overview = await client.call("runs.overview", { run });
      if (!isLatestOfRun()) return;
      requests.delete(run);
      items.value = replaceRun(items.value, run, overview);
    } catch {
      // The connection was lost: the whole list is requested when it is back.
    }
  };

  const showEpochs = (): void => {
    timer = undefined;
    items.value = items.value.map((run) => {
      const reached = epochs.get(run.id);
      return reached === undefined || reached <= run.epochs ? run : { ...run, epochs: reached };
    });
    epochs.clear();
  };

  /** A change of many runs at once requests the list once, not each run. */
  let burst = new Set<number>();
  const refreshBurst = (): void => {
    const runs = burst;
    burst = new Set();
    if (runs.size > MAX_SINGLE_REQUESTS) void reload();
    else for (const run of runs) void refresh(run);
  };
  client.on("run.changed", ({ run }) => {
    if (state.value !== "ready") changedMeanwhile.add(run);
    if (burst.size === 0) setTimeout(refreshBurst, BURST_MS);
    burst.add(run);
  });
  client.on("run.epoch", ({ run, metrics }) => {
    epochs.set(run, metrics.epoch);
    timer ??= setTimeout(showEpochs, EPOCH_INTERVAL_MS);
  });
  const { connected } = useConnection();
  watch(connected, (is) => is && void reload(), { immediate: true });
  return { items, state, error, reload };
});
