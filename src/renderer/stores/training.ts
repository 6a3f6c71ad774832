/** The training queue with its progress, and the runs that ended since this page was opened. */
import { defineStore } from "pinia";
import { shallowRef, watch } from "vue";
import type { RunOverview } from "../../contract/domain/runs.ts";
import type { TrainingQueue } from "../../contract/domain/training.ts";
import { client, useConnection } from "../api/client.ts";
import { LatestRequest } from "../base/latest-request.ts";
import { adaptiveThrottle } from "./adaptive-throttle.ts";

const EMPTY: TrainingQueue = { current: null, progress: null, evaluating: null, blocked: null, waiting: [] };

export const useTraining = defineStore("training", () => {
  const queue = shallowRef<TrainingQueue>(EMPTY);
  /** Runs that ended while this page was open and that the user has not dismissed, newest first. */
  const ended = shallowRef<readonly RunOverview[]>([]);
  /** Whether the queue has arrived. */
  const loaded = shallowRef(false);
  let updates: Partial<TrainingQueue> = {};
  const latest = new LatestRequest();

  const reload = async (): Promise<void> => {
    const isLatest = latest.begin();
    // The answer includes earlier events, and may be newer.
    updates = {};
    try {
      const state = await client.call("training.queue", {});
      if (!isLatest()) return;
      queue.value = state;
      loaded.value = true;
    } catch {
      // The connection was lost: the queue is requested again when it is back.
    }
  };

  const changed = async (run: number): Promise<void> => {
    const wasCurrent = queue.value.current === run;
    await reload();
    const overview = wasCurrent && queue.value.current !== run ? await client.call("runs.overview", { run }) : null;
    // Paused and interrupted runs have not ended.
    if (overview === null || !["completed", "cancelled", "failed"].includes(overview.status)) return;
    ended.value = [overview, ...ended.value.filter(({ id }) => id !== run)];
  };

  client.on("run.changed", ({ run }) => void changed(run).catch(() => {}));
  // Short epochs end many times a second.
  const show = adaptiveThrottle(() => {
    queue.value = { ...queue.value, ...updates };
    updates = {};
  });
  const update = (changes: Partial<TrainingQueue>): void => {
    updates = { ...updates, ...changes };
    show();
  };
  client.on("run.progress", ({ run, progress }) => update({ current: run, progress, evaluating: null, blocked: null }));
  client.on("run.evaluating", ({ run, progress }) => update({ current: run, evaluating: progress }));
  client.on("run.blocked", ({ reason }) => update({ blocked: reason }));
  const { connected } = useConnection();
  watch(connected, (is) => is && void reload(), { immediate: true });

  return {
    queue,
    loaded,
    ended,
    dismiss: (run: number): void => {
      ended.value = ended.value.filter(({ id }) => id !== run);
    },
    pause: (run: number) => client.call("training.pause", { run }),
    resume: (run: number) => client.call("training.resume", { run }),
    stop: (run: number) => client.call("training.stop", { run }),
  };
});
