/** The review of the shown recording: edits go to the shell, which stores them; the page shows its answers alone. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { reportError, type ErrorReport } from "../../../../contract/domain/errors.ts";
import { applyChanges, unpackChanges, unpackLabels, type Label } from "../../../../contract/domain/labels.ts";
import type { Edit, EditAnswer, EditSummary, ReviewProgress } from "../../../../contract/domain/reviews.ts";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";
import { client } from "../../../api/client.ts";
import { beatNear, beatsToReview, chosenBeats, columnsOf, nextQueued, type BeatRange } from "./review-beats.ts";
import type { OpenedRecord } from "./use-record.ts";
import type { SetChoice } from "./use-sets.ts";

/** Delay after an edit before the rhythm is computed again: a reviewer types several labels a second. */
const RHYTHM_DELAY_MS = 400;

export interface ReviewControl {
  /** Name of the reviewed set; null: the recording is not in review. */
  set: Ref<string | null>;
  progress: ShallowRef<ReviewProgress | null>;
  /** Newest first. */
  log: ShallowRef<EditSummary[]>;
  error: ShallowRef<ErrorReport | null>;
  /** Edits that wait for their answer. */
  pending: Ref<number>;
  range: ShallowRef<BeatRange | null>;
  chosen: ComputedRef<Label[]>;
  /** Queue of {@link next}: `unreviewed`, `unsure`, or a symbol. */
  queue: Ref<string>;
  begin: () => Promise<void>;
  end: () => void;
  edit: (edit: Edit) => Promise<void>;
  walk: (kind: "undo" | "redo") => Promise<void>;
  /** Moves to the next (1) or the previous (−1) beat; `extend` keeps the chosen beats. */
  step: (by: 1 | -1, extend: boolean) => void;
  next: (by: 1 | -1) => void;
  /** Selects the beat next to a time in s; without one, adds a beat at the R-peak next to it. */
  click: (time: number, tolerance: number) => Promise<void>;
}

export interface ReviewOptions {
  dataset: number;
  name: string;
  record: ShallowRef<OpenedRecord | null>;
  sets: SetChoice;
  reviewer: () => string;
  /** Moves the view to a time in s. */
  showTime: (time: number) => void;
  /** Returns the time at the centre of the view, in s. */
  centre: () => number;
}

export function useReview(options: ReviewOptions): ReviewControl {
  const { dataset, name, record, sets, reviewer, showTime, centre } = options;
  const set = ref<string | null>(null);
  const labels = shallowRef<Label[]>([]);
  const progress = shallowRef<ReviewProgress | null>(null);
  const log = shallowRef<EditSummary[]>([]);
  const error = shallowRef<ErrorReport | null>(null);
  const pending = ref(0);
  const range = shallowRef<BeatRange | null>(null);
  const queue = ref("unreviewed");
  const beats = computed(() => beatsToReview(labels.value));
  const chosen = computed(() => (range.value === null ? [] : chosenBeats(beats.value, range.value)));
  let rhythmTimer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(rhythmTimer));

  const place = (): { dataset: number; record: string; set: string } => ({
    dataset,
    record: name,
    set: set.value ?? "",
  });

  const readRhythm = async (): Promise<void> => {
    if (set.value === null) return;
    try {
      const rhythm = await client.call("recordings.rhythm", place());
      if (record.value) record.value = { ...record.value, rhythm };
    } catch (reason) {
      error.value = reportError(reason);
    }
  };

  let drawn: AnnotationColumns | null = null;
  const showLabels = (): void => {
    drawn = columnsOf(labels.value);
    if (record.value) record.value = { ...record.value, annotations: drawn };
  };
  // The viewer reads the set by itself, perhaps before an edit that is on the screen already.
  watch(record, (now) => {
    if (set.value !== null && now !== null && now.annotations !== drawn) showLabels();
  });
  watch(sets.shown, (name) => {
    if (set.value !== null && name !== set.value) end();
  });
  const end = (): void => {
    set.value = null;
    range.value = null;
  };

  const take = ({ entry, changes, progress: now }: EditAnswer): void => {
    labels.value = applyChanges(labels.value, unpackChanges(changes));
    progress.value = now;
    if (entry === null) return;
    const isApplied = entry.kind === "redo";
    log.value = [entry, ...log.value.map((each) => (each.id === entry.target ? { ...each, isApplied } : each))];
    showLabels();
    clearTimeout(rhythmTimer);
    rhythmTimer = setTimeout(() => void readRhythm(), RHYTHM_DELAY_MS);
  };

  /** Sends a request; answers arrive in the order of the requests. */
  const ask = async (request: () => Promise<EditAnswer>): Promise<EditAnswer | null> => {
    if (set.value === null) return null;
    pending.value++;
    try {
      const answer = await request();
      take(answer);
      error.value = null;
      return answer;
    } catch (reason) {
      error.value = reportError(reason);
      return null;
    } finally {
      pending.value--;
    }
  };

  const choose = (sample: number, anchor = sample): void => {
    range.value = { anchor, head: sample };
    if (record.value) showTime(sample / record.value.rate);
  };
  const here = (): number => range.value?.head ?? Math.round(centre() * (record.value?.rate ?? 1));

  return {
    set,
    progress,
    log,
    error,
    pending,
    range,
    chosen,
    queue,
    begin: async () => {
      try {
        const from = sets.shown.value;
        const { set: begun } = await client.call("reviews.begin", { dataset, record: name, from });
        const opened = await client.call("reviews.open", { dataset, record: name, set: begun });
        labels.value = unpackLabels(opened.labels);
        log.value = opened.log;
        progress.value = opened.progress;
        error.value = null;
        sets.shown.value = begun;
        set.value = begun;
      } catch (reason) {
        error.value = reportError(reason);
      }
    },
    end,
    edit: async (edit) => {
      const answer = await ask(() => client.call("reviews.edit", { ...place(), edit, reviewer: reviewer() }));
      if (answer?.entry && edit.kind === "move") range.value = { anchor: edit.to, head: edit.to };
    },
    walk: async (kind) => {
      const answer = await ask(() => client.call(`reviews.${kind}`, { ...place(), reviewer: reviewer() }));
      const sample = answer?.entry?.sample;
      if (typeof sample === "number" && record.value) showTime(sample / record.value.rate);
    },
    step: (by, extend) => {
      const at = here();
      const beat =
        by === 1 ? beats.value.find(({ sample }) => sample > at) : beats.value.findLast(({ sample }) => sample < at);
      if (beat) choose(beat.sample, extend ? range.value?.anchor : undefined);
    },
    next: (by) => {
      const beat = nextQueued(beats.value, queue.value, here(), by);
      if (beat) choose(beat.sample);
    },
    click: async (time, tolerance) => {
      if (!record.value) return;
      const { rate, length } = record.value;
      const sample = Math.max(0, Math.min(length - 1, Math.round(time * rate)));
      const near = beatNear(beats.value, sample, tolerance * rate);
      if (near) {
        range.value = { anchor: near.sample, head: near.sample };
        return;
      }
      try {
        const { sample: peak } = await client.call("reviews.peak", { dataset, record: name, sample });
        const added = await ask(() =>
          client.call("reviews.edit", {
            ...place(),
            edit: { kind: "add", sample: peak, symbol: "N" },
            reviewer: reviewer(),
          }),
        );
        if (added) range.value = { anchor: peak, head: peak };
      } catch (reason) {
        error.value = reportError(reason);
      }
    },
  };
}
