/** Reads recordings for windows, in a worker thread that keeps the latest ones decoded. */
import { damageOf, EctopyError } from "../../../contract/domain/errors.ts";
import { entryPoint } from "../../entry-points.ts";
import type { RecordLocation, ViewingTasks } from "../../workers/viewing-tasks.ts";
import { WorkerPool } from "../../workers/worker-pool.ts";
import type { Workspace } from "../../store/workspace.ts";

export class RecordingService {
  readonly #workspace: Workspace;
  #pool: WorkerPool<ViewingTasks> | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * Returns the location of a usable recording.
   * @throws EctopyError `not-found`: no such dataset or recording; `damaged-file`: it was excluded from the import
   */
  #locate(dataset: number, name: string): RecordLocation {
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
    const { annotator, table } = record.details ?? {};
    return { folder: this.#workspace.path("datasets", dataset), name, annotator, table };
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
    // One thread: windows need answers in order, and other cores are free for work.
    this.#pool ??= new WorkerPool<ViewingTasks>(entryPoint("viewing-worker"), 1);
    try {
      return await this.#pool.run(task, input);
    } catch (error) {
      throw damageOf({ kind: "datasets", id: dataset }, error);
    }
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}
