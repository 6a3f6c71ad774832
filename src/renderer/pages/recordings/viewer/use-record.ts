/** All that is drawn of one record: its annotations, its overview and its tiles, raw and denoised, as the view needs them. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../../../contract/domain/errors.ts";
import type { AnnotationColumns, Envelope, Lead, RecordDenoising } from "../../../../contract/domain/viewing.ts";
import { client, useConnection } from "../../../api/client.ts";
import { TileStore, type LoadTile } from "./tile-store.ts";
import { TILE_COLUMNS } from "./tiles.ts";
import { laneMiddle, type Stretch } from "./traces.ts";

export interface OpenedRecord {
  /** Samples of each lead, and samples a second. */
  length: number;
  rate: number;
  leads: Lead[];
  annotations: AnnotationColumns;
  /** The value in the middle of each lead's lane. */
  middles: number[];
  raw: TileStore;
  denoised: TileStore;
}

export interface RecordState {
  record: ShallowRef<OpenedRecord | null>;
  error: ShallowRef<ErrorReport | null>;
  retry: () => void;
}

/**
 * @param place which record; the rest follows when it changes
 * @param changed called when there is something new to draw
 */
export function useRecord(
  place: () => { dataset: number; record: string },
  denoising: RecordDenoising,
  changed: () => void,
): RecordState {
  const record = shallowRef<OpenedRecord | null>(null);
  const error = shallowRef<ErrorReport | null>(null);
  const { connected } = useConnection();
  let latest = 0;

  const leave = (): void => {
    record.value?.raw.close();
    record.value?.denoised.close();
    record.value = null;
  };

  const open = async (): Promise<void> => {
    const mine = ++latest;
    const where = place();
    leave();
    error.value = null;
    const failed = (reason: unknown): void => {
      if (mine === latest) error.value = reportError(reason);
    };
    try {
      const [overview, annotations] = await Promise.all([
        client.call("recordings.envelope", { ...where, columns: TILE_COLUMNS }),
        client.call("recordings.annotations", where),
      ]);
      if (mine !== latest) return;
      const { length, rate, leads, minima, maxima } = overview;
      record.value = {
        length,
        rate,
        leads,
        annotations,
        middles: minima.map((each, lead) => laneMiddle(each, maxima[lead])),
        raw: new TileStore({ length, changed, failed, load: rawTile(where) }),
        denoised: new TileStore({ length, changed, failed, load: denoisedTile(where, leads.length, denoising) }),
      };
    } catch (reason) {
      failed(reason);
    }
  };

  const retry = (): void => {
    error.value = null;
    if (!record.value) {
      void open();
      return;
    }
    record.value.raw.retry();
    record.value.denoised.retry();
    changed();
  };

  watch(
    () => [place().dataset, place().record],
    () => void open(),
  );
  // What failed because the shell was gone is tried again when it is back.
  watch(connected, (is) => is && (!record.value || error.value) && retry(), { immediate: true });
  onScopeDispose(() => {
    latest++;
    leave();
  });
  return { record, error, retry };
}

function rawTile(place: { dataset: number; record: string }): LoadTile {
  return async ({ from, to, columns }, { level }) => {
    if (level > 0) return stretches(await client.call("recordings.envelope", { ...place, from, to, columns }));
    const { signals } = await client.call("recordings.signal", { ...place, from, to });
    return signals.map((samples) => ({ from, step: 1, minima: samples, maxima: samples }));
  };
}

function denoisedTile(place: { dataset: number; record: string }, leads: number, denoising: RecordDenoising): LoadTile {
  return async ({ from, to, columns }, { level }) => {
    if (level > 0)
      return stretches(await client.call("recordings.envelope", { ...place, from, to, columns, denoising }));
    const signals = await Promise.all(
      Array.from({ length: leads }, (_, lead) =>
        client.call("recordings.denoised", { ...place, from, to, lead, ...denoising }),
      ),
    );
    return signals.map(({ signal }) => ({ from, step: 1, minima: signal, maxima: signal }));
  };
}

/** The last column of a record may cover fewer samples: each then covers a little less than it says, and all of them all. */
function stretches({ from, to, columns, minima, maxima }: Envelope): Stretch[] {
  return minima.map((each, lead) => ({ from, step: (to - from) / columns, minima: each, maxima: maxima[lead] }));
}
