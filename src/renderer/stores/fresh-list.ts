/** A list of the shell's that stays fresh: asked for when first used, after each change, and when the connection is back. */
import { shallowRef, watch, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../contract/errors.ts";
import { useConnection } from "../api/client.ts";

export interface FreshList<T> {
  items: ShallowRef<readonly T[]>;
  /** `loading` until it was there once; `failed`: the last attempt, with {@link error}. */
  state: ShallowRef<"loading" | "ready" | "failed">;
  error: ShallowRef<ErrorReport | null>;
  reload: () => Promise<void>;
}

/**
 * @param load asks for all of it
 * @param onChange calls back at each change
 */
export function freshList<T>(load: () => Promise<readonly T[]>, onChange: (changed: () => void) => void): FreshList<T> {
  const items = shallowRef<readonly T[]>([]);
  const state = shallowRef<"loading" | "ready" | "failed">("loading");
  const error = shallowRef<ErrorReport | null>(null);
  let latest = 0;
  const reload = async (): Promise<void> => {
    const mine = ++latest;
    try {
      const loaded = await load();
      // An older answer that comes later is not the fresher one.
      if (mine !== latest) return;
      items.value = loaded;
      state.value = "ready";
      error.value = null;
    } catch (reason) {
      if (mine !== latest) return;
      const report = reportError(reason);
      // The frame says that the connection is lost; once it is back, all is asked for again.
      if (report.code === "not-connected") return;
      state.value = "failed";
      error.value = report;
    }
  };
  onChange(() => void reload());
  const { connected } = useConnection();
  watch(connected, (is) => is && void reload(), { immediate: true });
  return { items, state, error, reload };
}
