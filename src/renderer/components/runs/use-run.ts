/** Details and log of a run, updated while it changes. */
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import type { RunDetails, RunLogEntry } from "../../../contract/domain/runs.ts";
import { client } from "../../api/client.ts";
import { useQuery, type Query } from "../../base/use-query.ts";
import { adaptiveThrottle } from "../../stores/adaptive-throttle.ts";

export interface WatchedRun extends Pick<Query<unknown>, "error" | "reload"> {
  /** Null before the first answer. */
  details: ComputedRef<RunDetails | null>;
  /** Oldest first. */
  log: ShallowRef<readonly RunLogEntry[]>;
}

export function useRun(run: Ref<number>): WatchedRun {
  const { data, error, reload } = useQuery(
    () => ({ run: run.value }),
    async (input) => {
      const [details, entries] = await Promise.all([client.call("runs.get", input), client.call("runs.log", input)]);
      return { details, entries };
    },
    { refreshOn: (changed) => client.on("run.changed", (event) => event.run === run.value && changed()) },
  );
  const log = shallowRef<readonly RunLogEntry[]>([]);
  let entries: RunLogEntry[] = [];
  const show = adaptiveThrottle(() => (log.value = entries));
  watch(
    data,
    (answer) => {
      entries = answer?.entries ?? [];
      log.value = entries;
    },
    { flush: "sync" },
  );
  onScopeDispose(
    client.on("run.logged", ({ run: logged, entry }) => {
      if (logged !== run.value) return;
      entries = [...entries, entry];
      show();
    }),
  );
  return { details: computed(() => data.value?.details ?? null), log, error, reload };
}
