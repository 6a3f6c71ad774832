/** The training queue with its progress. */
import { defineStore } from "pinia";
import { shallowRef, watch } from "vue";
import type { TrainingQueue } from "../../contract/domain/training.ts";
import { client, useConnection } from "../api/client.ts";
import { LatestRequest } from "../base/latest-request.ts";
import { adaptiveThrottle } from "./adaptive-throttle.ts";

const EMPTY: TrainingQueue = { current: null, progress: null, evaluating: null, blocked: null, waiting: [] };

export const useTraining = defineStore("training", () => {
  const queue = shallowRef<TrainingQueue>(EMPTY);
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

  client.on("run.changed", () => void reload());
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
    pause: (run: number) => client.call("training.pause", { run }),
    resume: (run: number) => client.call("training.resume", { run }),
    stop: (run: number) => client.call("training.stop", { run }),
  };
});
