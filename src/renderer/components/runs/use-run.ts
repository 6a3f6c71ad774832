/** Details and log of a run, updated while it changes. */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { RunDetails, RunLogEntry } from "../../../contract/domain/runs.ts";
import { client, useConnection } from "../../api/client.ts";
import { adaptiveThrottle } from "../../stores/adaptive-throttle.ts";

export interface WatchedRun {
  /** Null before the first answer. */
  details: ShallowRef<RunDetails | null>;
  /** Oldest first. */
  log: ShallowRef<readonly RunLogEntry[]>;
  error: ShallowRef<ErrorReport | null>;
  reload: () => Promise<void>;
}

export function useRun(run: Ref<number>): WatchedRun {
  const details = shallowRef<RunDetails | null>(null);
  const log = shallowRef<readonly RunLogEntry[]>([]);
  const error = shallowRef<ErrorReport | null>(null);
  let known: RunLogEntry[] = [];
  const show = adaptiveThrottle(() => (log.value = [...known]));
  let latest = 0;
  const reload = async (): Promise<void> => {
    const mine = ++latest;
    const id = run.value;
    try {
      const [found, lines] = await Promise.all([
        client.call("runs.get", { run: id }),
        client.call("runs.log", { run: id }),
      ]);
      if (mine !== latest) return;
      known = lines;
      [details.value, log.value, error.value] = [found, [...lines], null];
    } catch (reason) {
      if (mine === latest) error.value = reportError(reason);
    }
  };
  onScopeDispose(client.on("run.changed", (changed) => changed.run === run.value && void reload()));
  onScopeDispose(
    client.on("run.logged", ({ run: logged, entry }) => {
      if (logged !== run.value) return;
      known.push(entry);
      show();
    }),
  );
  const { connected } = useConnection();
  watch(
    [run, connected],
    ([id, is]) => {
      if (details.value?.run.id !== id) {
        known = [];
        [details.value, log.value] = [null, []];
      }
      if (is) void reload();
    },
    { immediate: true },
  );
  return { details, log, error, reload };
}
