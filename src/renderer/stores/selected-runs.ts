/** Runs selected for comparison. They stay selected while the user opens a run or searches for others. */
import { defineStore } from "pinia";
import { computed, shallowRef } from "vue";
import { useRuns } from "./runs.ts";

export const useSelectedRuns = defineStore("selected-runs", () => {
  const runs = useRuns();
  const selectedIds = shallowRef<ReadonlySet<number>>(new Set());
  /** The selected runs that still exist, oldest first. */
  const selected = computed(() => {
    if (selectedIds.value.size === 0) return [];
    return runs.items.filter(({ id }) => selectedIds.value.has(id)).toSorted((a, b) => a.id - b.id);
  });
  const set = (ids: Iterable<number>): void => void (selectedIds.value = new Set(ids));
  return {
    selected,
    set,
    toggle: (run: number): void => set(selectedIds.value.has(run) ? withoutAny([run]) : [...selectedIds.value, run]),
    /** Selects or deselects all of these runs. Other runs are not affected. */
    setAll: (ids: readonly number[], isSelected: boolean): void =>
      set(isSelected ? [...selectedIds.value, ...ids] : withoutAny(ids)),
    /** Selects all of these runs, or deselects them where all are selected. Other runs are not affected. */
    toggleAll: (ids: readonly number[]): void =>
      set(ids.every((id) => selectedIds.value.has(id)) ? withoutAny(ids) : [...selectedIds.value, ...ids]),
  };

  function withoutAny(ids: readonly number[]): number[] {
    const gone = new Set(ids);
    return [...selectedIds.value].filter((id) => !gone.has(id));
  }
});
