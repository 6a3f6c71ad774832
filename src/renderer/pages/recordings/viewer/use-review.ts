/** The review of the shown recording: edits go to the shell, which stores them; the page shows its answers alone. */
import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import type { PackedFamilies } from "../../../../contract/domain/beat-families.ts";
import { reportError, type ErrorReport } from "../../../../contract/domain/errors.ts";
import {
  applyChanges,
  firstLabelFrom,
  unpackChanges,
  unpackLabels,
  type Label,
  type PackedChanges,
} from "../../../../contract/domain/labels.ts";
import {
  MAX_SHOWN_EDITS,
  type Edit,
  type EditAnswer,
  type EditSummary,
  type ReviewProgress,
} from "../../../../contract/domain/reviews.ts";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";
import { client } from "../../../api/client.ts";
import {
  beatNear,
  beatsToReview,
  chosenBeats,
  columnsOf,
  DISAGREEMENT_QUEUE,
  nextPlace,
  nextQueued,
  PICKED_QUEUE,
  samplesOf,
  updatedColumns,
  type BeatRange,
} from "./review-beats.ts";
import type { OpenedRecord } from "./use-record.ts";
import type { SetChoice } from "./use-sets.ts";

/** Delay after an edit before the rhythm is computed again: a reviewer types several labels a second. */
const RHYTHM_DELAY_MS = 400;
/** Beats of two sets within this time are one, as by EC57. */
const MATCH_S = 0.15;

export interface ReviewControl {
  /** Name of the reviewed set; null: the recording is not in review. */
  set: Ref<string | null>;
  progress: ShallowRef<ReviewProgress | null>;
  /** Newest first. */
  log: ShallowRef<EditSummary[]>;
  error: ShallowRef<ErrorReport | null>;
  /** Edits that wait for their answer. */
  pending: Ref<number>;
  /** Beats of the review, in order of time. */
  beats: ComputedRef<Label[]>;
  /** Their samples; the same array while only labels change. */
  beatSamples: ComputedRef<Int32Array>;
  /** Families that reviewers gave to beats, by sample. */
  families: ShallowRef<ReadonlyMap<number, number>>;
  /** Changes where the shapes of the beats are to be read again. */
  shapeVersion: Ref<number>;
  range: ShallowRef<BeatRange | null>;
  /** Samples of the beats that were selected by a plot or a family: a queue, and the chosen beats while no range is. */
  picked: ShallowRef<ReadonlySet<number>>;
  chosen: ComputedRef<Label[]>;
  /** Queue of {@link next}: `unreviewed`, `unsure`, `picked`, `disagreement`, or a symbol. */
  queue: Ref<string>;
  /** Symbol of beats that a click adds. */
  addedSymbol: Ref<string>;
  /** Selects beats by their samples. */
  pick: (samples: Iterable<number>) => void;
  /** Chooses a beat and shows it in the strip. */
  choose: (sample: number) => void;
  /** Moves a beat to the R-peak next to a time in s, or to the time itself. */
  drop: (beat: number, time: number, snaps: boolean) => Promise<void>;
  begin: () => Promise<void>;
  end: () => void;
  edit: (edit: Edit) => Promise<void>;
  walk: (kind: "undo" | "redo") => Promise<void>;
  place: () => { dataset: number; record: string; set: string };
  /** Reads the review again, such as after a run has labelled its beats. */
  reload: () => Promise<void>;
  /** Takes the labels of a fine-tuned run back. @param entry number of their entry of the log */
  takeBack: (entry: number) => Promise<void>;
  /** Moves to the next (1) or the previous (−1) beat; `extend` keeps the chosen beats. */
  step: (by: 1 | -1, extend: boolean) => void;
  /** Moves to the next (1) or the previous (−1) beat of the queue. @param without samples of beats that wait no longer */
  next: (by: 1 | -1, without?: ReadonlySet<number>) => void;
  /** Selects the beat next to a time in s; without one, adds a beat at the R-peak next to it. */
  click: (time: number, tolerance: number) => Promise<void>;
}

export interface ReviewOptions {
  dataset: number;
  name: string;
  record: ShallowRef<OpenedRecord | null>;
  sets: SetChoice;
  reviewer: () => string;
  /** Moves the view to a time in s. @param opens whether the strip is shown, if it is not */
  showTime: (time: number, opens: boolean) => void;
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
  const addedSymbol = ref("N");
  const families = shallowRef<ReadonlyMap<number, number>>(new Map());
  const shapeVersion = ref(0);
  const picked = shallowRef<ReadonlySet<number>>(new Set());
  const beats = computed(() => beatsToReview(labels.value));
  const beatSamples = computed((before?: Int32Array) => samplesOf(beats.value, before));
  const chosen = computed(() => {
    if (range.value !== null) return chosenBeats(beats.value, range.value);
    return picked.value.size === 0 ? [] : beats.value.filter(({ sample }) => picked.value.has(sample));
  });
  /** Place that was shown last where no beat is. */
  let lastPlace: number | null = null;
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
      const { compared } = record.value ?? {};
      const found = compared && {
        ...compared,
        disagreements: (
          await client.call("recordings.disagreements", { dataset, record: name, one: set.value, other: compared.name })
        ).samples,
      };
      if (record.value) record.value = { ...record.value, rhythm, ...(found && { compared: found }) };
    } catch (reason) {
      error.value = reportError(reason);
    }
  };

  let drawn: AnnotationColumns | null = null;
  const showLabels = (columns = columnsOf(labels.value)): void => {
    drawn = columns;
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
    picked.value = new Set();
  };

  const takeFamilies = ({ samples, families: names }: PackedFamilies): void => {
    if (samples.length === 0) return;
    const now = new Map(families.value);
    for (const [i, sample] of samples.entries()) {
      if (names[i] < 0) now.delete(sample);
      else now.set(sample, names[i]);
    }
    families.value = now;
  };

  const read = async (reviewed: string): Promise<void> => {
    const opened = await client.call("reviews.open", { dataset, record: name, set: reviewed });
    labels.value = unpackLabels(opened.labels);
    families.value = new Map();
    takeFamilies(opened.families);
    log.value = opened.log;
    progress.value = opened.progress;
    error.value = null;
  };

  const take = ({ entry, changes, families: moved, progress: now }: EditAnswer): void => {
    labels.value = applyChanges(labels.value, unpackChanges(changes));
    takeFamilies(moved);
    if (moved.samples.length > 0 || !isSameBeats(changes)) shapeVersion.value++;
    progress.value = now;
    if (entry === null) return;
    const isApplied = entry.kind === "redo";
    log.value = [entry, ...log.value.map((each) => (each.id === entry.target ? { ...each, isApplied } : each))].slice(
      0,
      MAX_SHOWN_EDITS,
    );
    if (drawn !== null && isSameBeats(changes)) showLabels(updatedColumns(drawn, labels.value, changes.added.samples));
    else showLabels();
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
    lastPlace = null;
    if (record.value) showTime(sample / record.value.rate, true);
  };
  const here = (): number => lastPlace ?? range.value?.head ?? Math.round(centre() * (record.value?.rate ?? 1));
  /** Shows a place where two sets disagree, and chooses the beat next to it. */
  const showPlace = (place: number): void => {
    if (!record.value) return;
    const near = beatNear(beats.value, place, MATCH_S * record.value.rate);
    range.value = near ? { anchor: near.sample, head: near.sample } : null;
    lastPlace = place;
    showTime(place / record.value.rate, true);
  };

  return {
    set,
    progress,
    log,
    error,
    pending,
    beats,
    beatSamples,
    families,
    shapeVersion,
    range,
    picked,
    chosen,
    queue,
    addedSymbol,
    pick: (samples) => {
      picked.value = new Set(samples);
      range.value = null;
      queue.value = PICKED_QUEUE;
    },
    choose: (sample) => choose(sample),
    drop: async (beat, time, snaps) => {
      if (!record.value) return;
      const { rate, length } = record.value;
      const sample = Math.max(0, Math.min(length - 1, Math.round(time * rate)));
      const edit = (to: number) =>
        client.call("reviews.edit", { ...place(), edit: { kind: "move", beat, to }, reviewer: reviewer() });
      const answer = await ask(async () =>
        edit(snaps ? (await client.call("reviews.peak", { dataset, record: name, sample })).sample : sample),
      );
      const to = answer && unpackChanges(answer.changes).find((change) => change.to !== null)?.to?.sample;
      if (typeof to === "number") range.value = { anchor: to, head: to };
    },
    begin: async () => {
      try {
        const from = sets.shown.value;
        const { set: begun } = await client.call("reviews.begin", { dataset, record: name, from });
        await read(begun);
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
      if (typeof sample === "number" && record.value) showTime(sample / record.value.rate, false);
    },
    place,
    reload: async () => {
      try {
        if (set.value !== null) await read(set.value);
        showLabels();
      } catch (reason) {
        error.value = reportError(reason);
      }
    },
    takeBack: async (entry) => {
      await ask(() => client.call("reviews.takeBack", { ...place(), entry, reviewer: reviewer() }));
    },
    step: (by, extend) => {
      const at = here();
      const beat = beats.value[by === 1 ? firstLabelFrom(beats.value, at + 1) : firstLabelFrom(beats.value, at) - 1];
      if (beat) choose(beat.sample, extend ? range.value?.anchor : undefined);
    },
    next: (by, without) => {
      if (queue.value === DISAGREEMENT_QUEUE) {
        const next = nextPlace(record.value?.compared?.disagreements ?? [], here(), by);
        if (next !== undefined) showPlace(next);
        return;
      }
      const beat = nextQueued(beats.value, { queue: queue.value, picked: picked.value, without }, here(), by);
      if (beat) choose(beat.sample);
    },
    click: async (time, tolerance) => {
      if (!record.value) return;
      const { rate, length } = record.value;
      const sample = Math.max(0, Math.min(length - 1, Math.round(time * rate)));
      const near = beatNear(beats.value, sample, tolerance * rate);
      if (near) {
        range.value = { anchor: near.sample, head: near.sample };
        lastPlace = null;
        return;
      }
      try {
        const { sample: peak } = await client.call("reviews.peak", { dataset, record: name, sample });
        const added = await ask(() =>
          client.call("reviews.edit", {
            ...place(),
            edit: { kind: "add", sample: peak, symbol: addedSymbol.value },
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

/** Returns whether changes add, remove and move no annotation: labels alone change. */
function isSameBeats({ removed, added }: PackedChanges): boolean {
  return (
    removed.samples.length === added.samples.length && removed.samples.every((sample, i) => sample === added.samples[i])
  );
}
