/** Beats of a choice, in its order, asked for page by page as they come in sight: there may be tens of thousands. */
import { onScopeDispose, shallowRef, triggerRef, watch, type ShallowRef } from "vue";
import type { BeatQuery, TestedBeat, TestedBeats } from "../../../../contract/domain/comparison.ts";
import { reportError, type ErrorReport } from "../../../../contract/domain/errors.ts";
import { client, useConnection } from "../../../api/client.ts";

export type BeatSource = Pick<BeatQuery, "truth" | "predicted" | "order"> & { run: number };

export interface ListedBeat extends TestedBeat {
  /** As it was classified. */
  values: Float32Array;
  /** Samples a second. */
  rate: number;
}

export interface BeatList {
  /** Null until it is known. */
  total: ShallowRef<number | null>;
  error: ShallowRef<ErrorReport | null>;
  /** Null until it is there. */
  at: (place: number) => ListedBeat | null;
  /** Asks for these, where they are not there yet. @param to after the last */
  need: (from: number, to: number) => void;
  retry: () => void;
}

const PAGE = 100;
/** Pages that are kept: what one scrolls back to. */
const KEPT = 40;

/** @param source null: not known yet */
export function useBeatList(source: () => BeatSource | null): BeatList {
  const total = shallowRef<number | null>(null);
  const error = shallowRef<ErrorReport | null>(null);
  const pages = shallowRef(new Map<number, TestedBeats>());
  const asked = new Set<number>();
  let latest = 0;

  const load = async (page: number): Promise<void> => {
    const wanted = source();
    if (wanted === null || asked.has(page)) return;
    asked.add(page);
    const mine = latest;
    const { run, ...query } = wanted;
    try {
      const found = await client.call("comparison.beats", {
        run,
        query: { ...query, from: page * PAGE, count: PAGE },
      });
      if (mine !== latest) return;
      total.value = found.total;
      pages.value.set(page, found);
      const [oldest] = pages.value.keys();
      if (pages.value.size > KEPT) {
        pages.value.delete(oldest);
        asked.delete(oldest);
      }
      triggerRef(pages);
    } catch (reason) {
      if (mine === latest) error.value = reportError(reason);
    }
  };
  const begin = (): void => {
    latest++;
    asked.clear();
    pages.value = new Map();
    [total.value, error.value] = [null, null];
    void load(0);
  };
  const { connected } = useConnection();
  watch(
    () => JSON.stringify([connected.value, source()]),
    () => connected.value && begin(),
    { immediate: true },
  );
  onScopeDispose(() => latest++);

  return {
    total,
    error,
    at: (place) => {
      const page = pages.value.get(Math.floor(place / PAGE));
      const row = place % PAGE;
      const beat = page?.beats[row];
      if (page === undefined || beat === undefined) return null;
      const { values, windowLength, rate } = page;
      return { ...beat, rate, values: values.subarray(row * windowLength, (row + 1) * windowLength) };
    },
    need: (from, to) => {
      for (let page = Math.floor(from / PAGE); page * PAGE < to; page++) void load(page);
    },
    retry: begin,
  };
}
