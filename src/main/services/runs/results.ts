/** Reads stored datasets, preparations and runs with all that belongs to them. Changes nothing. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { contentsOf } from "../../../contract/domain/dataset-records.ts";
import {
  lastCorrection,
  type Dataset,
  type DatasetDetails,
  type DatasetOverview,
} from "../../../contract/domain/datasets.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";
import type { RunDetails, RunFiles } from "../../../contract/domain/runs.ts";
import type { RunRecord, TrainingResult } from "../../../contract/domain/training.ts";
import { evaluationIntervals } from "../../../pipeline/evaluation/intervals.ts";
import type { Workspace } from "../../store/workspace.ts";
import { withPatientsAsOf } from "../../../pipeline/beats/outdated.ts";
import { notFound } from "../../base/not-found.ts";

/** A run with a result. */
export interface FinishedRun extends RunDetails {
  result: TrainingResult;
}

/** @param fix what to do about it @throws EctopyError `nothing-usable` where there is no result yet */
export function finishedRun(details: RunDetails, fix: string): FinishedRun {
  const { id, result, status } = details.run;
  if (result !== null) return { ...details, result };
  throw new EctopyError("nothing-usable", `Run ${id} has no result yet (it is ${status}).`, fix);
}

export class ResultService {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  datasets(): DatasetOverview[] {
    const removed = this.#workspace.removed.ids("datasets");
    return this.#workspace.datasets
      .list()
      .filter(({ id }) => !removed.has(id))
      .map((dataset) => overview(dataset, this.#workspace.datasets.records(dataset.id)));
  }

  /** @throws EctopyError `not-found` */
  dataset(id: number): DatasetDetails {
    const { datasets } = this.#workspace;
    const dataset = datasets.find(id);
    if (!dataset) throw notFound("dataset", id);
    const records = datasets.records(id);
    const correction = lastCorrection(datasets.corrections(id)) ?? null;
    return { dataset: overview(dataset, records), records, findings: datasets.findings(id), correction };
  }

  preparations(): Preparation[] {
    const removed = this.#workspace.removed.ids("preparations");
    return this.#workspace.preparations
      .list()
      .filter(({ id }) => !removed.has(id))
      .map((each) => this.#asOfToday(each));
  }

  /** @throws EctopyError `not-found` */
  preparation(id: number): Preparation {
    const preparation = this.#workspace.preparations.find(id);
    if (preparation) return this.#asOfToday(preparation);
    throw notFound("preparation", id);
  }

  runs(): RunDetails[] {
    const removed = this.#workspace.removed.ids("runs");
    return this.#workspace.runs
      .list()
      .filter(({ id }) => !removed.has(id))
      .map((run) => this.#details(run));
  }

  /** @throws EctopyError `not-found` */
  run(id: number): RunDetails {
    const run = this.#workspace.runs.find(id);
    if (!run) throw notFound("run", id);
    return this.#details(run);
  }

  /** Returns the number of a run that exists, for reading what is stored under it. @throws EctopyError `not-found` */
  known(id: number): number {
    if (!this.#workspace.runs.has(id)) throw notFound("run", id);
    return id;
  }

  /** Returns the files of a run; none before its end. @throws EctopyError `not-found` */
  files(id: number): RunFiles {
    const folder = this.#workspace.path("runs", this.known(id));
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    return { folder, files: names.map((name) => ({ name, bytes: statSync(join(folder, name)).size })) };
  }

  /** Returns a preparation that says if patients were corrected since it was made. */
  #asOfToday(preparation: Preparation): Preparation {
    const { datasets, preparations } = this.#workspace;
    const version = preparations.datasetVersion(preparation.id);
    const wasCorrected = datasets.corrections(preparation.datasetId).some((each) => each.version > version);
    if (!wasCorrected) return preparation;
    const [before, now] = [version, undefined].map((each) => datasets.patients(preparation.datasetId, each));
    return withPatientsAsOf(preparation, before, now);
  }

  #details(run: RunRecord): RunDetails {
    // Foreign keys forbid a run without its preparation, and a preparation without its dataset.
    const preparation = this.#asOfToday(this.#workspace.preparations.find(run.preparationId)!);
    const dataset = this.#workspace.datasets.find(preparation.datasetId)!;
    const [newest] = this.#workspace.checkpoints.ofRun(run.id);
    return {
      run,
      preparation,
      dataset,
      remarks: this.#workspace.remarks.find(run.id),
      intervals: run.result && intervalsOf(run.result),
      looks: this.#workspace.testLooks.count(run.id),
      checkpoint: newest ? { epochs: newest.epochs, steps: newest.steps, createdAt: newest.createdAt } : null,
    };
  }
}

function intervalsOf({ test, validation }: TrainingResult): RunDetails["intervals"] {
  return { test: evaluationIntervals(test.confusion), validation: evaluationIntervals(validation.confusion) };
}

function overview(dataset: Dataset, records: readonly RecordHealth[]): DatasetOverview {
  const usable = records.filter((record) => record.usable);
  const beats = usable.flatMap((record) => Object.values(record.beats)).reduce((a, b) => a + b, 0);
  return { ...dataset, contents: contentsOf(records), records: usable.length, beats };
}
