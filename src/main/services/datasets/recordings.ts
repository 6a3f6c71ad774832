/** Reads recordings for windows, in a worker thread that keeps the latest ones decoded. */
import { usedAnnotator, type DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { damageOf, EctopyError } from "../../../contract/domain/errors.ts";
import type { ReportSettings } from "../../../contract/domain/recording-report.ts";
import type { StripDrawing } from "../../../contract/domain/strip-drawing.ts";
import type { RhythmSummary } from "../../../contract/domain/rhythm.ts";
import type { AnnotationColumns, Disagreements } from "../../../contract/domain/viewing.ts";
import { entryPoint } from "../../entry-points.ts";
import type {
  ChosenSet,
  RecordLocation,
  SetStatistics,
  StripPlace,
  ViewingTasks,
} from "../../workers/viewing-tasks.ts";
import { chosenSet } from "./chosen-set.ts";
import { WorkerPool } from "../../workers/worker-pool.ts";
import type { Workspace } from "../../store/workspace.ts";

/** A recording, and one of its annotation sets; without a set, the recording's annotations. */
export interface RecordingSet {
  dataset: number;
  record: string;
  set?: string | undefined;
}

export class RecordingService {
  readonly #workspace: Workspace;
  #pool: WorkerPool<ViewingTasks> | undefined;
  /** Thread for statistics, which need no samples: they don't wait until a recording is decoded. */
  #statisticsPool: WorkerPool<ViewingTasks> | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** @throws EctopyError `not-found`: no such dataset or recording; `damaged-file`: it was excluded from the import */
  record(dataset: number, name: string): DatasetRecord {
    const record = this.#workspace.datasets.records(dataset).find((each) => each.name === name);
    if (!record) {
      throw new EctopyError(
        "not-found",
        `Dataset ${dataset} has no recording ${name}.`,
        "Choose one from the list of recordings.",
      );
    }
    if (!record.usable) {
      const [finding] = record.findings;
      throw new EctopyError(
        "damaged-file",
        `Recording ${name} was excluded from the import${finding ? `: ${finding.message}` : "."}`,
        finding?.fix ?? "Copy it again from its source and import the folder again.",
      );
    }
    return record;
  }

  /** Returns the location of a usable recording. @throws EctopyError as {@link record} */
  #locate(dataset: number, name: string): RecordLocation {
    const { annotator, table } = this.record(dataset, name).details ?? {};
    return { folder: this.#workspace.path("datasets", dataset), name, annotator, table };
  }

  /** @throws EctopyError `not-found`: the recording has no annotations of this set; as {@link record} */
  #chosenSet({ dataset, record: name, set }: RecordingSet): ChosenSet {
    const record = this.record(dataset, name);
    if (set === undefined || set === usedAnnotator(record)) return {};
    return chosenSet(this.#workspace, dataset, record, set);
  }

  /** Returns annotations of a recording, those from one sample to another. @throws EctopyError as {@link read} */
  annotations(
    options: RecordingSet & { from?: number | undefined; to?: number | undefined },
  ): Promise<AnnotationColumns> {
    const { from, to } = options;
    return this.read("annotations", options, { ...this.#chosenSet(options), from, to });
  }

  /** Returns where two annotation sets of a recording disagree. @throws EctopyError as {@link read} */
  async disagreements({
    dataset,
    record,
    one,
    other,
  }: Omit<RecordingSet, "set"> & { one: string; other: string }): Promise<Disagreements> {
    const sets = [one, other].map((set) => this.#chosenSet({ dataset, record, set }));
    const detected = [one, other].map(
      (set) => this.#workspace.annotationSets.find(dataset, set)?.origin === "detected",
    );
    const labels = !detected.includes(true);
    const samples = await this.read("disagreements", { dataset, record }, { one: sets[0], other: sets[1], labels });
    return { samples, labels };
  }

  /** Returns the rhythm of a recording by its annotations. @throws EctopyError as {@link read} */
  rhythm(options: RecordingSet): Promise<RhythmSummary> {
    return this.read("rhythm", options, this.#chosenSet(options));
  }

  /** Returns the statistics of a recording by its annotations. @throws EctopyError as {@link read} */
  statistics(options: RecordingSet, settings: ReportSettings): Promise<SetStatistics> {
    const record = this.record(options.dataset, options.record);
    const { rate, length, leads, details } = record;
    const chosen = this.#chosenSet(options);
    this.#statisticsPool ??= new WorkerPool<ViewingTasks>(entryPoint("viewing-worker"), 1);
    return this.read(
      "statistics",
      options,
      {
        ...(chosen.columns ? chosen : { imported: chosen.imported ?? { annotator: usedAnnotator(record), length } }),
        rate,
        length,
        leadCount: leads.length,
        startsAt: details?.startsAt ?? null,
        settings,
      },
      this.#statisticsPool,
    );
  }

  /** Draws strips of a recording, each around a range of samples. @throws EctopyError as {@link read} */
  strips(options: RecordingSet, places: readonly StripPlace[]): Promise<StripDrawing[]> {
    return this.read("strips", options, { ...this.#chosenSet(options), places });
  }

  /**
   * Reads a part of a usable recording, or beats of a table.
   * @throws EctopyError `not-found`: no such dataset or recording; `damaged-file`: it was excluded from the import, or
   * has changed since; `unsupported`: it is a table of beats, or none
   */
  async read<Task extends keyof ViewingTasks>(
    task: Task,
    { dataset, record }: { dataset: number; record: string },
    options: Omit<ViewingTasks[Task]["input"], keyof RecordLocation>,
    pool = this.#viewingPool(),
  ): Promise<ViewingTasks[Task]["output"]> {
    const input = { ...options, ...this.#locate(dataset, record) };
    const isTable = input.table !== undefined;
    if (task !== "previewBeat" && isTable !== (task === "tableBeats")) {
      throw new EctopyError(
        "unsupported",
        isTable ? `${record} is a table of beats: there is no recording to view.` : `${record} is no table of beats.`,
        isTable ? "View its beats by class on the page of the dataset." : "View the recording.",
      );
    }
    try {
      return await pool.run(task, input);
    } catch (error) {
      throw damageOf({ kind: "datasets", id: dataset }, error);
    }
  }

  /** One thread: windows need answers in order, and other cores are free for work. */
  #viewingPool(): WorkerPool<ViewingTasks> {
    this.#pool ??= new WorkerPool<ViewingTasks>(entryPoint("viewing-worker"), 1);
    return this.#pool;
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool?.close(), this.#statisticsPool?.close()]);
  }
}
