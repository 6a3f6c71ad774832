/** What the settings would give, counted as they change: only the latest are waited for. */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { PreparationSettings, PreparationSummary } from "../../../contract/domain/preparation.ts";
import { client, useConnection } from "../../api/client.ts";

export interface Counts {
  /** Of the settings before, while those of now are counted. */
  summary: ShallowRef<PreparationSummary | null>;
  counting: ShallowRef<boolean>;
  error: ShallowRef<ErrorReport | null>;
}

/** Somebody who types is waited for, in ms. */
const WAIT = 250;

export function useCounts(dataset: Ref<number | null>, settings: Ref<PreparationSettings>): Counts {
  const summary = shallowRef<PreparationSummary | null>(null);
  const counting = shallowRef(false);
  const error = shallowRef<ErrorReport | null>(null);
  const { connected } = useConnection();
  let latest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function count(mine: number, of: number): Promise<void> {
    try {
      const counted = await client.call("preparations.preview", { dataset: of, settings: settings.value });
      if (mine !== latest) return;
      summary.value = counted;
      error.value = null;
    } catch (reason) {
      if (mine !== latest) return;
      error.value = reportError(reason);
    }
    counting.value = false;
  }

  watch(dataset, () => (summary.value = null));
  watch(
    [dataset, settings, connected],
    ([id, , is], before) => {
      const mine = ++latest;
      clearTimeout(timer);
      counting.value = id !== null;
      if (id === null || !is) return;
      // The first need not be waited for.
      timer = setTimeout(() => void count(mine, id), before[0] === id ? WAIT : 0);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    latest++;
    clearTimeout(timer);
  });
  return { summary, counting, error };
}
