/** Reads recordings for the screen, in a worker thread that keeps the latest ones decoded. */
import { damageOf, EctopyError } from "../../../contract/domain/errors.ts";
import { entryPoint } from "../../entry-points.ts";
import type { ViewingTasks } from "../../workers/viewing-tasks.ts";
import { WorkerPool } from "../../workers/worker-pool.ts";
import type { Workspace } from "../../store/workspace.ts";

export class RecordingService {
  readonly #workspace: Workspace;
  #pool: WorkerPool<ViewingTasks> | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * Where a usable record lies.
   * @throws EctopyError `not-found`: no such dataset or record; `damaged-file`: it was left out of the import
   */
  #locate(dataset: number, name: string): { folder: string; name: string } {
    const record = this.#workspace.datasets.records(dataset).find((each) => each.name === name);
    if (!record) {
      throw new EctopyError(
        "not-found",
        `Dataset ${dataset} has no record ${name}.`,
        "Choose one from the list of recordings.",
      );
    }
    if (!record.usable) {
      const [finding] = record.findings;
      throw new EctopyError(
        "damaged-file",
        `Record ${name} was left out of the import${finding ? `: ${finding.message}` : "."}`,
        finding?.fix ?? "Copy it again from where it came from and import the folder again.",
      );
    }
    return { folder: this.#workspace.path("datasets", dataset), name };
  }

  /**
   * Reads something of a usable record.
   * @throws EctopyError `not-found`: no such dataset or record; `damaged-file`: it was left out of the import, or has changed since
   */
  async read<Task extends keyof ViewingTasks>(
    task: Task,
    { dataset, record }: { dataset: number; record: string },
    wanted: Omit<ViewingTasks[Task]["input"], "folder" | "name">,
  ): Promise<ViewingTasks[Task]["output"]> {
    const input = { ...wanted, ...this.#locate(dataset, record) };
    // One thread: what the screen asks for is wanted in order, and the other cores are for work.
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
