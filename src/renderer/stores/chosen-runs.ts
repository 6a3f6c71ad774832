/** Runs that were chosen to be compared: they stay chosen while one looks at a run, or searches for others. */
import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";
import { useRuns } from "./runs.ts";

export const useChosenRuns = defineStore("chosen-runs", () => {
  const runs = useRuns();
  const wanted = shallowRef<ReadonlySet<number>>(new Set());
  /** Those that are still there, oldest first. */
  const chosen = computed(() => {
    if (wanted.value.size === 0) return [];
    return runs.items.filter(({ id }) => wanted.value.has(id)).toSorted((a, b) => a.id - b.id);
  });
  const set = (ids: Iterable<number>): void => void (wanted.value = new Set(ids));
  return {
    chosen,
    set,
    toggle: (run: number): void => set(wanted.value.has(run) ? withoutAny([run]) : [...wanted.value, run]),
    /** All of them; where all of them were, none. The others stay as they are. */
    toggleAll: (ids: readonly number[]): void =>
      set(ids.every((id) => wanted.value.has(id)) ? withoutAny(ids) : [...wanted.value, ...ids]),
  };

  function withoutAny(ids: readonly number[]): number[] {
    const gone = new Set(ids);
    return [...wanted.value].filter((id) => !gone.has(id));
  }
});
