/**
 * An answer of the shell that stays fresh: requested when first used, after each change, and when the connection is
 * back.
 */
import { computed, type ComputedRef } from "vue";
import { useQuery, type Query } from "../base/use-query.ts";

export interface FreshValue<T> extends Pick<Query<T>, "error" | "reload"> {
  value: ComputedRef<T>;
  /** `loading` until the first answer; `failed`: the last request failed, with the error. */
  state: ComputedRef<"loading" | "ready" | "failed">;
}

/**
 * Call it in the set-up of a component or a store: it stops with its scope.
 * @param initial the value until the first answer
 * @param load requests the value
 * @param onChange subscribes to changes of the value; returns the function that unsubscribes
 */
export function freshValue<T>(
  initial: T,
  load: () => Promise<T>,
  onChange: (changed: () => void) => () => void,
): FreshValue<T> {
  // Wrapped, since null may be an answer.
  const { data, error, reload } = useQuery(
    () => true,
    async () => ({ answer: await load() }),
    { refreshOn: onChange },
  );
  return {
    value: computed(() => (data.value === null ? initial : data.value.answer)),
    state: computed(() => (error.value !== null ? "failed" : data.value === null ? "loading" : "ready")),
    error,
    reload,
  };
}
