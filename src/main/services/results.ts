/** What is stored, put together for looking at. Changes nothing. */
import { EctopyError } from "../../contract/errors.ts";
import type { RunRecord } from "../../contract/training.ts";
import type { DatasetRow } from "../store/datasets.ts";
import type { PreparationRow } from "../store/preparations.ts";
import type { Workspace } from "../store/workspace.ts";

/** A run with all that its figures rest on. */
export interface RunDetails {
  run: RunRecord;
  preparation: PreparationRow;
  dataset: DatasetRow;
}

export interface DatasetOverview extends DatasetRow {
  /** Usable records. */
  records: number;
  beats: number;
}

export class ResultService {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  datasets(): DatasetOverview[] {
    return this.#workspace.datasets.list().map((dataset) => {
      const usable = this.#workspace.datasets.records(dataset.id).filter((record) => record.usable);
      const beats = usable.flatMap((record) => Object.values(record.beats)).reduce((a, b) => a + b, 0);
      return { ...dataset, records: usable.length, beats };
    });
  }

  preparations(): PreparationRow[] {
    return this.#workspace.preparations.list();
  }

  runs(): RunDetails[] {
    return this.#workspace.runs.list().map((run) => this.#details(run));
  }

  /** @throws EctopyError `not-found` */
  run(id: number): RunDetails {
    const run = this.#workspace.runs.find(id);
    if (!run) throw new EctopyError("not-found", `There is no run ${id}.`, "`ectopy runs` lists the runs.");
    return this.#details(run);
  }

  #details(run: RunRecord): RunDetails {
    // Foreign keys forbid a run without its preparation, and that without its dataset.
    const preparation = this.#workspace.preparations.find(run.preparationId)!;
    return { run, preparation, dataset: this.#workspace.datasets.find(preparation.datasetId)! };
  }
}
