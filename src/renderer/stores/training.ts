/** What is being trained and what waits, as it goes; and what ended since this page was opened. */
import { defineStore } from "pinia";
import { shallowRef, watch } from "vue";
import type { RunOverview } from "../../contract/domain/runs.ts";
import type { TrainingQueue } from "../../contract/domain/training.ts";
import { client, useConnection } from "../api/client.ts";
import { calmly } from "./calmly.ts";

const EMPTY: TrainingQueue = { current: null, progress: null, evaluating: null, blocked: null, waiting: [] };

export const useTraining = defineStore("training", () => {
  const queue = shallowRef<TrainingQueue>(EMPTY);
  /** Ended while this page was open, and not yet seen; newest first. */
  const ended = shallowRef<readonly RunOverview[]>([]);
  let heard: Partial<TrainingQueue> = {};
  let latest = 0;

  const reload = async (): Promise<void> => {
    const mine = ++latest;
    // What was heard until now is in the answer, and may be over.
    heard = {};
    try {
      const state = await client.call("training.queue", {});
      if (mine === latest) queue.value = state;
    } catch {
      // The connection was lost: it is asked for again when it is back.
    }
  };

  const changed = async (run: number): Promise<void> => {
    const wasUnderWay = queue.value.current === run;
    await reload();
    const overview = wasUnderWay && queue.value.current !== run ? await client.call("runs.overview", { run }) : null;
    // Paused and interrupted ones have not ended.
    if (overview === null || !["completed", "cancelled", "failed"].includes(overview.status)) return;
    ended.value = [overview, ...ended.value.filter(({ id }) => id !== run)];
  };

  client.on("run.changed", ({ run }) => void changed(run).catch(() => {}));
  // Small epochs end many times a second.
  const show = calmly(() => {
    queue.value = { ...queue.value, ...heard };
    heard = {};
  });
  const hear = (news: Partial<TrainingQueue>): void => {
    heard = { ...heard, ...news };
    show();
  };
  client.on("run.progress", ({ run, progress }) => hear({ current: run, progress, evaluating: null, blocked: null }));
  client.on("run.evaluating", ({ run, progress }) => hear({ current: run, evaluating: progress }));
  client.on("run.blocked", ({ reason }) => hear({ blocked: reason }));
  const { connected } = useConnection();
  watch(connected, (is) => is && void reload(), { immediate: true });

  return {
    queue,
    ended,
    dismiss: (run: number): void => {
      ended.value = ended.value.filter(({ id }) => id !== run);
    },
    pause: (run: number) => client.call("training.pause", { run }),
    resume: (run: number) => client.call("training.resume", { run }),
    stop: (run: number) => client.call("training.stop", { run }),
  };
});
