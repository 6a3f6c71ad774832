/** An answer of the shell that stays fresh: requested when first used, after each change, and when the connection is back. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../contract/domain/errors.ts";
import { useConnection } from "../api/client.ts";

export interface FreshValue<T> {
  value: ShallowRef<T>;
  /** `loading` until the first answer; `failed`: the last request failed, with {@link error}. */
  state: ShallowRef<"loading" | "ready" | "failed">;
  error: ShallowRef<ErrorReport | null>;
  reload: () => Promise<void>;
}

/**
 * To be called in a component's or a store's set-up: with its end, it stops.
 * @param initial the value until the first answer
 * @param load requests the value
 * @param onChange calls back at each change; returns what ends that
 */
export function freshValue<T>(
  initial: T,
  load: () => Promise<T>,
  onChange: (changed: () => void) => () => void,
): FreshValue<T> {
  const value = shallowRef(initial) as ShallowRef<T>;
  const state = shallowRef<"loading" | "ready" | "failed">("loading");
  const error = shallowRef<ErrorReport | null>(null);
  let latest = 0;
  const reload = async (): Promise<void> => {
    const mine = ++latest;
    try {
      const loaded = await load();
      // An older answer that comes later is not the fresher one.
      if (mine !== latest) return;
      value.value = loaded;
      state.value = "ready";
      error.value = null;
    } catch (reason) {
      if (mine !== latest) return;
      const report = reportError(reason);
      // The frame says that the connection is lost; once it is back, all is requested again.
      if (report.code === "not-connected") return;
      state.value = "failed";
      error.value = report;
    }
  };
  onScopeDispose(onChange(() => void reload()));
  const { connected } = useConnection();
  watch(connected, (is) => is && void reload(), { immediate: true });
  return { value, state, error, reload };
}
