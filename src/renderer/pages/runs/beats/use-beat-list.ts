/**
 * Test beats of the chosen classes, in the chosen order. Pages are requested when they scroll into sight: a run has
 * tens of thousands.
 */
import { onScopeDispose, shallowRef, triggerRef, watch, type ShallowRef } from "vue";
import type { BeatQuery, TestedBeat, TestedBeats } from "../../../../contract/domain/comparison.ts";
import { reportError, type ErrorReport } from "../../../../contract/domain/errors.ts";
import { client, useConnection } from "../../../api/client.ts";
import { LatestRequest } from "../../../base/latest-request.ts";

export type BeatSource = Pick<BeatQuery, "truth" | "predicted" | "record" | "errors" | "order"> & { run: number };

export interface ListedBeat extends TestedBeat {
  /** Samples of the window, as the network received them. */
  values: Float32Array;
  /** Sampling rate of the values, in Hz. */
  beatRate: number;
}

export interface BeatList {
  /** Number of beats; null before the first answer. */
  total: ShallowRef<number | null>;
  error: ShallowRef<ErrorReport | null>;
  /** Returns the beat at an index; null before it is loaded. */
  at: (index: number) => ListedBeat | null;
  /** Requests the missing pages of a range. @param to index after the last beat */
  need: (from: number, to: number) => void;
  retry: () => void;
}

const BEATS_PER_PAGE = 100;
/** Loaded pages, so that scrolling back needs no request. */
const MAX_PAGES = 40;

/** @param source null before the run is loaded */
export function useBeatList(source: () => BeatSource | null): BeatList {
  const total = shallowRef<number | null>(null);
  const error = shallowRef<ErrorReport | null>(null);
  const pages = shallowRef(new Map<number, TestedBeats>());
  const requested = new Set<number>();
  const latest = new LatestRequest();
  /** Whether the answers of the current choice of beats are still the requested ones. */
  let isCurrent = latest.begin();

  const load = async (page: number): Promise<void> => {
    const current = source();
    if (current === null || requested.has(page)) return;
    requested.add(page);
    const isLatest = isCurrent;
    const { run, ...query } = current;
    try {
      const found = await client.call("comparison.beats", {
        run,
        query: { ...query, from: page * BEATS_PER_PAGE, count: BEATS_PER_PAGE },
      });
      if (!isLatest()) return;
      total.value = found.total;
      pages.value.set(page, found);
      const [oldest] = pages.value.keys();
      if (pages.value.size > MAX_PAGES) {
        pages.value.delete(oldest);
        requested.delete(oldest);
      }
      triggerRef(pages);
    } catch (reason) {
      if (isLatest()) error.value = reportError(reason);
    }
  };
  const begin = (): void => {
    isCurrent = latest.begin();
    requested.clear();
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
  onScopeDispose(() => latest.cancel());

  return {
    total,
    error,
    at: (index) => {
      const page = pages.value.get(Math.floor(index / BEATS_PER_PAGE));
      const row = index % BEATS_PER_PAGE;
      const beat = page?.beats[row];
      if (page === undefined || beat === undefined) return null;
      const { values, windowLength, rate } = page;
      return { ...beat, beatRate: rate, values: values.subarray(row * windowLength, (row + 1) * windowLength) };
    },
    need: (from, to) => {
      for (let page = Math.floor(from / BEATS_PER_PAGE); page * BEATS_PER_PAGE < to; page++) void load(page);
    },
    retry: begin,
  };
}
