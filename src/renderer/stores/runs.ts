/** The runs, newest first, fresh: a run's state, its epochs so far and its remarks. Ten thousand are asked for once, then one by one. */
import { defineStore } from "pinia";
import { shallowRef, watch } from "vue";
import { reportError, type ErrorReport } from "../../contract/domain/errors.ts";
import type { RunOverview } from "../../contract/domain/runs.ts";
import { client, useConnection } from "../api/client.ts";
import { replaceRun } from "./replace-run.ts";

/** Epochs of a small training end several times a second: the list is made anew at most this often, in ms. */
const EPOCHS_EVERY = 500;

export const useRuns = defineStore("runs", () => {
  const items = shallowRef<readonly RunOverview[]>([]);
  const state = shallowRef<"loading" | "ready" | "failed">("loading");
  const error = shallowRef<ErrorReport | null>(null);
  /** Changed while the list was on its way, which may not know of it. */
  const changedMeanwhile = new Set<number>();
  const epochs = new Map<number, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  const reload = async (): Promise<void> => {
    const mine = ++latest;
    changedMeanwhile.clear();
    try {
      const loaded = await client.call("runs.list", {});
      if (mine !== latest) return;
      items.value = loaded;
      state.value = "ready";
      error.value = null;
      for (const run of changedMeanwhile) void refresh(run);
    } catch (reason) {
      if (mine !== latest) return;
      state.value = "failed";
      error.value = reportError(reason);
    }
  };

  const asked = new Map<number, number>();
  const refresh = async (run: number): Promise<void> => {
    changedMeanwhile.add(run);
    if (state.value !== "ready") return;
    const mine = (asked.get(run) ?? 0) + 1;
    asked.set(run, mine);
    try {
      const overview = await client.call("runs.overview", { run });
      // An older answer that comes later is not the fresher one.
      if (asked.get(run) !== mine) return;
      asked.delete(run);
      items.value = replaceRun(items.value, run, overview);
    } catch {
      // The connection was lost: all of the list is asked for when it is back.
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

  client.on("run.changed", ({ run }) => void refresh(run));
  client.on("run.epoch", ({ run, metrics }) => {
    epochs.set(run, metrics.epoch);
    timer ??= setTimeout(showEpochs, EPOCHS_EVERY);
  });
  const { connected } = useConnection();
  watch(connected, (is) => is && void reload(), { immediate: true });
  return { items, state, error, reload };
});
