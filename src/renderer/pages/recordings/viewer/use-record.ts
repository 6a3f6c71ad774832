/** Loads a recording for the viewer: annotations, rhythm, overview, and raw and filtered tiles as the view needs them. */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../../../contract/domain/errors.ts";
import type { RhythmSummary } from "../../../../contract/domain/rhythm.ts";
import type { AnnotationColumns, Envelope, Lead, RecordDenoising } from "../../../../contract/domain/viewing.ts";
import { client, useConnection } from "../../../api/client.ts";
import type { ComparedSet } from "./compared-set.ts";
import type { ChosenSets } from "./use-sets.ts";
import { LatestRequest } from "../../../base/latest-request.ts";
import { TileStore, type LoadTile } from "./tile-store.ts";
import { TILE_COLUMNS } from "./tiles.ts";
import { laneMiddle, type Stretch } from "./traces.ts";

export interface OpenedRecord {
  /** Samples per lead, and the sampling rate in Hz. */
  length: number;
  rate: number;
  leads: Lead[];
  annotations: AnnotationColumns;
  rhythm: RhythmSummary;
  /** Name of the annotation set; undefined: the recording's annotations. */
  set?: string | undefined;
  /** Set that is compared with the shown one; absent: none. */
  compared?: ComparedSet | undefined;
  /** Value at the middle of each lead's lane. */
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
 * @param source the recording; a change loads another one
 * @param sets annotation sets to read; a change reads the annotations again; null: not known yet
 * @param changed called when new data can be drawn
 */
export function useRecord(
  source: () => { dataset: number; record: string },
  sets: () => ChosenSets | null,
  { denoising, changed }: { denoising: RecordDenoising; changed: () => void },
): RecordState {
  const record = shallowRef<OpenedRecord | null>(null);
  const error = shallowRef<ErrorReport | null>(null);
  const { connected } = useConnection();
  const latest = new LatestRequest();
  /** The requested overview of the recording that opens: reading it takes longest, and needs no annotation set. */
  let opening: { key: string; overview: Promise<Envelope> } | null = null;

  const readOverview = (where: { dataset: number; record: string }): Promise<Envelope> => {
    const key = JSON.stringify(where);
    if (opening?.key === key) return opening.overview;
    const overview = client.call("recordings.envelope", { ...where, columns: TILE_COLUMNS });
    opening = { key, overview };
    // A later attempt asks again; the caller reports the error.
    overview.catch(() => (opening = opening?.overview === overview ? null : opening));
    return overview;
  };

  const close = (): void => {
    record.value?.raw.close();
    record.value?.denoised.close();
    record.value = null;
  };

  const open = async (): Promise<void> => {
    const isLatest = latest.begin();
    const where = source();
    const chosen = sets();
    close();
    error.value = null;
    const reading = readOverview(where);
    if (chosen === null) return;
    const failed = (reason: unknown): void => {
      if (isLatest()) error.value = reportError(reason);
    };
    try {
      const [overview, annotated] = await Promise.all([reading, readAnnotations(where, chosen)]);
      if (!isLatest()) return;
      opening = null;
      const { length, rate, leads, minima, maxima } = overview;
      record.value = {
        length,
        rate,
        leads,
        ...annotated,
        middles: minima.map((each, lead) => laneMiddle(each, maxima[lead])),
        raw: new TileStore({ length, changed, failed, load: rawTile(where) }),
        denoised: new TileStore({ length, changed, failed, load: denoisedTile(where, leads.length, denoising) }),
      };
    } catch (reason) {
      failed(reason);
    }
  };

  /** Reads the annotations again, and keeps the loaded trace. */
  const annotate = async (): Promise<void> => {
    const chosen = sets();
    if (!record.value || chosen === null) {
      await open();
      return;
    }
    const isLatest = latest.begin();
    try {
      const annotated = await readAnnotations(source(), chosen);
      if (!isLatest()) return;
      record.value = { ...record.value, ...annotated };
      error.value = null;
      changed();
    } catch (reason) {
      if (isLatest()) error.value = reportError(reason);
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
    () => [source().dataset, source().record],
    () => void open(),
  );
  watch(
    () => JSON.stringify(sets()),
    () => void annotate(),
  );
  onScopeDispose(
    client.on("annotationSets.changed", ({ dataset }) => {
      if ((dataset === null || dataset === source().dataset) && sets()?.set !== undefined) void annotate();
    }),
  );
  // Requests that failed without a connection are repeated when it is back.
  watch(connected, (is) => is && (!record.value || error.value) && retry(), { immediate: true });
  onScopeDispose(() => {
    latest.cancel();
    close();
  });
  return { record, error, retry };
}

type Annotated = Pick<OpenedRecord, "annotations" | "rhythm" | "set" | "compared">;

async function readAnnotations(
  source: { dataset: number; record: string },
  { set, other }: ChosenSets,
): Promise<Annotated> {
  const [annotations, rhythm, compared] = await Promise.all([
    client.call("recordings.annotations", { ...source, set }),
    client.call("recordings.rhythm", { ...source, set }),
    set === undefined || other === undefined ? undefined : readCompared(source, { set, other }),
  ]);
  return { annotations, rhythm, set, compared };
}

async function readCompared(
  source: { dataset: number; record: string },
  { set, other }: { set: string; other: string },
): Promise<ComparedSet> {
  const [annotations, { samples, labels }] = await Promise.all([
    client.call("recordings.annotations", { ...source, set: other }),
    client.call("recordings.disagreements", { ...source, one: set, other }),
  ]);
  return { name: other, annotations, disagreements: samples, labels };
}

function rawTile(source: { dataset: number; record: string }): LoadTile {
  return async ({ from, to, columns }, { level }) => {
    if (level > 0) return stretches(await client.call("recordings.envelope", { ...source, from, to, columns }));
    const { signals } = await client.call("recordings.signal", { ...source, from, to });
    return signals.map((samples) => ({ from, step: 1, minima: samples, maxima: samples }));
  };
}

function denoisedTile(
  source: { dataset: number; record: string },
  leads: number,
  denoising: RecordDenoising,
): LoadTile {
  return async ({ from, to, columns }, { level }) => {
    if (level > 0)
      return stretches(await client.call("recordings.envelope", { ...source, from, to, columns, denoising }));
    const signals = await Promise.all(
      Array.from({ length: leads }, (_, lead) =>
        client.call("recordings.denoised", { ...source, from, to, lead, ...denoising }),
      ),
    );
    return signals.map(({ signal }) => ({ from, step: 1, minima: signal, maxima: signal }));
  };
}

/** Spreads the columns evenly, because the last column of a recording may cover fewer samples. */
function stretches({ from, to, columns, minima, maxima }: Envelope): Stretch[] {
  return minima.map((each, lead) => ({ from, step: (to - from) / columns, minima: each, maxima: maxima[lead] }));
}
