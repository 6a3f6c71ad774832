/** Reviews of recordings: begins reviewed sets, and stores each edit before it is answered. */
import type { AnnotationSet } from "../../../contract/domain/annotation-sets.ts";
import { usedAnnotator, type DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { packChanges, packLabels, type Label, type LabelChange } from "../../../contract/domain/labels.ts";
import {
  MAX_SHOWN_EDITS,
  type Edit,
  type EditAnswer,
  type LogEntry,
  type OpenedReview,
  type ReviewOverview,
} from "../../../contract/domain/reviews.ts";
import { packFamilies, type BeatShapes } from "../../../contract/domain/beat-families.ts";
import { changesOf, familyChangesOf, isEditedAsBeat } from "../../../pipeline/review/edit-labels.ts";
import { learnedChanges, takenBackChanges, type NetworkLabel } from "../../../pipeline/review/learn-labels.ts";
import { columnsOfLabels, labelsOfColumns } from "../../../pipeline/review/label-columns.ts";
import {
  appendEntry,
  openState,
  progressOf,
  summariesOf,
  summaryOf,
  type ReviewState,
} from "../../../pipeline/review/review-state.ts";
import { snapReach, snapToPeak } from "../../../pipeline/review/snap-to-peak.ts";
import { toColumns } from "../../../pipeline/recordings/annotation-columns.ts";
import { LruCache } from "../../base/lru-cache.ts";
import { notFound } from "../../base/not-found.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { AnnotatorService } from "../datasets/annotators.ts";
import type { RecordingService } from "../datasets/recordings.ts";

/** A recording in a reviewed set. */
export interface ReviewPlace {
  dataset: number;
  record: string;
  set: string;
}

/** One entry of the log of a dataset's reviewed set. */
export interface LoggedEdit extends LogEntry {
  record: string;
  /** Sampling rate of the recording, in Hz. */
  rate: number;
}

/** A review in memory. */
interface OpenReview {
  state: ReviewState;
  set: AnnotationSet;
  record: DatasetRecord;
}

/** Reviews in memory: a day takes 20 MB. */
const MAX_OPEN_REVIEWS = 4;

export class ReviewService {
  readonly #workspace: Workspace;
  readonly #annotators: AnnotatorService;
  readonly #recordings: RecordingService;
  #open = new LruCache<string, OpenReview>(MAX_OPEN_REVIEWS);

  constructor(
    workspace: Workspace,
    { annotators, recordings }: { annotators: AnnotatorService; recordings: RecordingService },
  ) {
    this.#workspace = workspace;
    this.#annotators = annotators;
    this.#recordings = recordings;
  }

  /**
   * Begins the review of a recording, or continues it.
   * @param options.from annotator to review @param options.name name of the reviewed set; without one, a reviewed set is
   *   continued, and any other set is reviewed as `…-reviewed`
   * @returns the name of the reviewed set
   * @throws EctopyError `not-found`: no such recording, or it has no annotations of this set; `invalid-settings`: the
   *   name is that of another set
   */
  begin({
    dataset,
    record,
    from,
    name,
  }: {
    dataset: number;
    record: string;
    from: string;
    name?: string | undefined;
  }): {
    set: string;
    /** Whether the set was added. */
    isNew: boolean;
  } {
    const stored = this.#record(dataset, record);
    const source = this.#workspace.annotationSets.find(dataset, from);
    const set = name ?? (source?.origin === "reviewed" ? from : reviewName(from));
    const parent = set === from ? (source?.parent ?? usedAnnotator(stored)) : from;
    return this.#workspace.transaction(() => {
      const existing = this.#reviewedSet(dataset, set);
      const id =
        existing?.id ??
        this.#workspace.annotationSets.add({
          datasetId: dataset,
          name: set,
          origin: "reviewed",
          parent,
          leads: [],
          runs: source?.runs ?? [],
          createdAt: timestamp(),
        });
      if (this.#workspace.annotationSets.storedColumns(id, record) === null) {
        this.#workspace.annotationSets.replaceRecord(id, record, this.#parentColumns(dataset, stored, parent));
      }
      return { set, isNew: existing === undefined };
    });
  }

  /** Returns the labels and the log of a review. @throws EctopyError `not-found`, `damaged-file` */
  open(place: ReviewPlace): OpenedReview {
    const { state } = this.#state(place);
    return {
      labels: packLabels(state.labels),
      families: packFamilies(state.families),
      log: summariesOf(state, MAX_SHOWN_EDITS),
      progress: progressOf(state),
    };
  }

  /** Stores an edit. @throws EctopyError `not-found`, `invalid-settings` */
  edit(place: ReviewPlace, edit: Edit, reviewer: string): EditAnswer {
    const { state, record } = this.#state(place);
    const changes = changesOf(edit, { labels: state.labels, length: record.length, leads: record.leads.length });
    const families = familyChangesOf(edit, state, state.families);
    if (changes.length === 0 && families.length === 0) {
      return { entry: null, changes: packChanges([]), families: packFamilies([]), progress: progressOf(state) };
    }
    return this.#append(place, {
      kind: edit.kind,
      target: null,
      reviewer,
      at: timestamp(),
      label: labelOf(edit),
      stretch: "from" in edit ? { from: edit.from, to: Math.min(edit.to, record.length) } : null,
      changes,
      families,
    });
  }

  /** Undoes the last edit of a recording, or redoes the last one undone. @throws EctopyError `invalid-settings`: there is none */
  walk(place: ReviewPlace, kind: "undo" | "redo", reviewer: string): EditAnswer {
    const edit = this.#state(place).state.stacks[kind].at(-1);
    if (edit === undefined) {
      throw new EctopyError("invalid-settings", `There is no edit to ${kind}.`, "");
    }
    return this.#append(place, {
      kind,
      target: edit.id,
      reviewer,
      at: timestamp(),
      label: "",
      stretch: null,
      changes: [],
      families: [],
    });
  }

  /**
   * Returns the beats of a review by their shapes. The families are those of the set's beats when the review began, so that
   * an edit changes no other beat's family.
   * @throws EctopyError as `RecordingService.read`
   */
  shapes(place: ReviewPlace): Promise<BeatShapes> {
    const { state, set } = this.#state(place);
    const columns = this.#workspace.annotationSets.storedColumns(set.id, place.record)!;
    const samplesOf = (labels: readonly Label[]): Int32Array =>
      Int32Array.from(
        labels.filter(({ symbol }) => isEditedAsBeat(symbol)),
        ({ sample }) => sample,
      );
    return this.#recordings.read("shapes", place, {
      review: `${set.id} ${set.createdAt}`,
      founders: samplesOf(labelsOfColumns(columns)),
      beats: samplesOf(state.labels),
      given: packFamilies(state.families),
    });
  }

  /** Splits beats into two by shape. @returns the smaller half; empty: they are all alike. @throws as {@link shapes} */
  async split({ dataset, record }: ReviewPlace, beats: number[]): Promise<{ beats: Int32Array }> {
    return {
      beats: await this.#recordings.read("split", { dataset, record }, { beats: Int32Array.from(beats).sort() }),
    };
  }

  /** Stores the labels of a fine-tuned run, for the beats that nobody reviewed, as one entry. @throws EctopyError `not-found` */
  learned(
    place: ReviewPlace,
    { run, beats, reviewer }: { run: number; beats: ReadonlyMap<number, NetworkLabel>; reviewer: string },
  ): EditAnswer {
    return this.#relabel(place, { label: String(run), reviewer }, (labels) => learnedChanges(labels, beats));
  }

  /**
   * Takes the labels of a fine-tuned run back where they are still those of the run: later edits stay.
   * @param entry number of the entry of its labels
   * @throws EctopyError `not-found`
   */
  takeBack(place: ReviewPlace, entry: number, reviewer: string): EditAnswer {
    const learned = this.#state(place).state.log.find(({ id, kind }) => id === entry && kind === "learn");
    if (learned === undefined) {
      throw new EctopyError("not-found", `Entry ${entry} of the log has no labels of a run.`, "Reload the page.");
    }
    return this.#relabel(place, { label: "", reviewer }, (labels) => takenBackChanges(labels, learned.changes));
  }

  #relabel(
    place: ReviewPlace,
    of: Pick<LogEntry, "label" | "reviewer">,
    changesOfLabels: (labels: ReviewState["labels"]) => LabelChange[],
  ): EditAnswer {
    const { state } = this.#state(place);
    const changes = changesOfLabels(state.labels);
    if (changes.length === 0) {
      return { entry: null, changes: packChanges([]), families: packFamilies([]), progress: progressOf(state) };
    }
    return this.#append(place, {
      ...of,
      kind: "learn",
      target: null,
      at: timestamp(),
      stretch: null,
      changes,
      families: [],
    });
  }

  /** Returns the R-peak next to a sample, over all leads. @throws EctopyError as `RecordingService.read` */
  async peak(place: Omit<ReviewPlace, "set">, sample: number): Promise<number> {
    const { rate, length } = this.#record(place.dataset, place.record);
    const reach = snapReach(rate);
    const from = Math.max(0, sample - reach);
    const to = Math.min(length, sample + reach + 1);
    const { signals } = await this.#recordings.read("signal", place, { from, to });
    return snapToPeak({ signals, from, rate }, sample);
  }

  /** Returns the reviewed sets of a dataset, oldest first. @throws EctopyError `not-found` */
  list(dataset: number): ReviewOverview[] {
    if (this.#workspace.datasets.find(dataset) === undefined) throw notFound("dataset", dataset);
    return this.#workspace.annotationSets
      .list(dataset)
      .filter(({ origin }) => origin === "reviewed")
      .map((set) => this.#overview(set));
  }

  /** Returns all edits of a reviewed set, by recording, oldest first. @throws EctopyError `not-found`, `damaged-file` */
  log(dataset: number, name: string): LoggedEdit[] {
    const set = this.#set(dataset, name);
    return this.#workspace.datasets
      .records(dataset)
      .flatMap(({ name: record, rate }) =>
        this.#workspace.reviewLog.entries(set.id, record).map((entry) => ({ ...entry, record, rate })),
      );
  }

  /** Forgets the reviews in memory, such as after a set was removed or restored. */
  forget(): void {
    this.#open = new LruCache(MAX_OPEN_REVIEWS);
  }

  #append(place: ReviewPlace, entry: Omit<LogEntry, "id">): EditAnswer {
    const { state, set } = this.#state(place);
    const stored: LogEntry = { id: this.#workspace.reviewLog.append(set.id, place.record, entry), ...entry };
    const edit = state.log.findLast(({ id }) => id === entry.target) ?? stored;
    const { changes, families } = appendEntry(state, stored);
    return {
      entry: summaryOf(stored, edit, entry.target === null),
      changes: packChanges(changes),
      families: packFamilies(families.map(({ sample, to }) => [sample, to] as const)),
      progress: progressOf(state),
    };
  }

  #state({ dataset, record: name, set: setName }: ReviewPlace): OpenReview {
    const set = this.#set(dataset, setName);
    // Edits don't read the rows of all recordings again: a dataset may have thousands.
    return this.#open.get(`${set.id} ${name}`, () => {
      const record = this.#record(dataset, name);
      const columns = this.#workspace.annotationSets.storedColumns(set.id, name);
      if (columns === null) {
        throw new EctopyError("not-found", `Recording ${name} has no review ${setName}.`, "Begin its review first.");
      }
      const state = openState(labelsOfColumns(columns), this.#workspace.reviewLog.entries(set.id, name));
      return { state, set, record };
    });
  }

  #overview(set: AnnotationSet): ReviewOverview {
    const { id, datasetId: dataset, name, parent, createdAt } = set;
    const counts = this.#workspace.reviewLog.counts(id);
    const reviewers = new Map<string, { reviewer: string; edits: number; latest: string }>();
    for (const { reviewer, edits, latest } of counts) {
      const sum = reviewers.get(reviewer) ?? { reviewer, edits: 0, latest };
      sum.edits += edits;
      if (latest > sum.latest) sum.latest = latest;
      reviewers.set(reviewer, sum);
    }
    const records = this.#workspace.annotationSets.counts(id).map(({ record }) => {
      const { progress } = this.open({ dataset, record, set: name });
      return { record, edits: progress.edits, beats: progress.beats, reviewedBeats: progress.reviewedBeats };
    });
    return { dataset, name, parent, createdAt, reviewers: [...reviewers.values()], records };
  }

  #parentColumns(dataset: number, record: DatasetRecord, parent: string) {
    const set = this.#workspace.annotationSets.find(dataset, parent);
    const columns = set && this.#workspace.annotationSets.columns(set.id, record.name);
    if (columns) return columnsOfLabels(labelsOfColumns(columns));
    const annotations = this.#annotators.annotations(dataset, record, parent);
    if (annotations === null) {
      throw new EctopyError(
        "not-found",
        `Recording ${record.name} has no annotations by ${parent}.`,
        "Choose another annotation set.",
      );
    }
    return columnsOfLabels(labelsOfColumns(toColumns(annotations)));
  }

  #record(dataset: number, name: string): DatasetRecord {
    const record = this.#workspace.datasets.records(dataset).find((each) => each.name === name && each.usable);
    if (record !== undefined) return record;
    throw new EctopyError(
      "not-found",
      `Dataset ${dataset} has no usable recording ${name}.`,
      "Choose one from the list of recordings.",
    );
  }

  #reviewedSet(dataset: number, name: string): AnnotationSet | undefined {
    const set = this.#workspace.annotationSets.find(dataset, name);
    const isImported = this.#workspace.datasets
      .records(dataset)
      .some(({ annotators }) => annotators.some(({ annotator }) => annotator === name));
    if (isImported || (set !== undefined && set.origin !== "reviewed")) {
      throw new EctopyError(
        "invalid-settings",
        `${name} is the name of another annotation set, which is never changed.`,
        "Choose another name for the reviewed set.",
      );
    }
    return set;
  }

  #set(dataset: number, name: string): AnnotationSet {
    const set = this.#workspace.annotationSets.find(dataset, name);
    if (set?.origin === "reviewed") return set;
    throw new EctopyError(
      "not-found",
      `Dataset ${dataset} has no reviewed set ${name}.`,
      "Choose one of its reviewed sets, or begin a review.",
    );
  }
}

/** Longest name of an annotation set. */
const MAX_SET_NAME = 40;
const SUFFIX = "-reviewed";

function reviewName(parent: string): string {
  return `${parent.slice(0, MAX_SET_NAME - SUFFIX.length)}${SUFFIX}`;
}

function labelOf(edit: Edit): string {
  switch (edit.kind) {
    case "relabel":
    case "add":
      return edit.symbol;
    case "rhythm":
      return edit.code;
    case "family":
      return edit.action;
    case "noise":
      return edit.clean ? "" : "~";
    default:
      return "";
  }
}
