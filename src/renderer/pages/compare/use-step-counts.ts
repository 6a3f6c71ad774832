/** How many steps each run has been trained for, for curves over steps. */
import { shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { client } from "../../api/client.ts";

/** The last of so few points is all that is wanted. */
const POINTS = 10;

export function useStepCounts(runs: Ref<readonly number[]>): ShallowRef<ReadonlyMap<number, number>> {
  const counts = shallowRef<ReadonlyMap<number, number>>(new Map());
  watch(
    runs,
    async (ids) => {
      try {
        const found = await Promise.all(ids.map((run) => client.call("runs.steps", { run, points: POINTS })));
        counts.value = new Map(ids.map((id, i) => [id, found[i].steps.at(-1) ?? 0]));
      } catch {
        // The page says that the comparison can't be loaded; curves by epoch need no steps.
        counts.value = new Map();
      }
    },
    { immediate: true },
  );
  return counts;
}
