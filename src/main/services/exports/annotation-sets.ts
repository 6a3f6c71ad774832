/** Exports annotation sets: WFDB annotation files under the set's name, EDF+ or CSV, one file for each recording. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ExportReport } from "../../../contract/domain/exports.ts";
import type { SetExport, SetFormat } from "../../../contract/domain/set-exports.ts";
import { notFound } from "../../base/not-found.ts";
import type { Workspace } from "../../store/workspace.ts";
import { createBeatPoolFor } from "../../workers/prepare-beats.ts";
import { counter } from "../../workers/task-progress.ts";
import type { FolderCheck } from "../../workers/user-files.ts";
import type { ChosenSet } from "../../workers/viewing-tasks.ts";
import { chosenSet } from "../datasets/chosen-set.ts";
import { exportFolder } from "./folders.ts";
import type { ExportWatch } from "./mlflow/export-runs.ts";

const HINTS: Readonly<Record<SetFormat, (set: string) => string>> = {
  wfdb: (set) => `Copy the files beside the recordings' headers; wfdb.rdann("NAME", "${set}") reads one.`,
  edf: () => "EDF+ viewers and mne.io.read_raw_edf show the labels as annotations.",
  csv: () => "Each row is an annotation, with its time in seconds.",
};

export class SetExportService {
  readonly #workspace: Workspace;
  readonly #folders: FolderCheck;

  constructor(workspace: Workspace, folders: FolderCheck) {
    this.#workspace = workspace;
    this.#folders = folders;
  }

  /**
   * Writes a set into a new folder below `parent`; imported files are never touched.
   * @throws EctopyError `not-found`: no such dataset, recording or set; `unsupported`, `damaged-file`, `no-access`,
   *   `disk-full`; CancelledError
   */
  async export(options: SetExport, parent: string, watch: ExportWatch): Promise<ExportReport> {
    const { dataset, set, record, format } = options;
    await this.#folders.check(resolve(parent), "export");
    const sets = this.#annotations(options);
    const name = [`ectopy-dataset-${dataset}`, ...(record === undefined ? [] : [record]), set, format].join("-");
    const stamp = JSON.stringify({ kind: "annotations", ...options, content: this.#hash(dataset, sets) });
    const folder = this.#workspace.path("datasets", dataset);
    const write = async (destination: string): Promise<void> => {
      const pool = createBeatPoolFor(sets.length);
      const count = counter(watch.progress, { stage: "Writing files", total: sets.length, unit: "recordings" });
      try {
        await Promise.all(
          sets.map(async (each) => {
            await pool.run(
              "exportAnnotations",
              { ...each, folder, set, format, destination },
              { dropSignal: watch.signal },
            );
            watch.signal.throwIfAborted();
            count(1);
          }),
        );
      } finally {
        await pool.close();
      }
    };
    return { ...(await exportFolder({ parent, name, stamp, write })), hint: HINTS[format](set) };
  }

  /** Returns the recordings that the set has annotated, each with its annotations. */
  #annotations({ dataset, set, record }: SetExport): (ChosenSet & { name: string; annotator?: string | undefined })[] {
    const { datasets } = this.#workspace;
    if (datasets.find(dataset) === undefined) throw notFound("dataset", dataset);
    const records = datasets
      .records(dataset)
      .filter(({ name, usable, details }) => usable && details?.table === undefined && (record ?? name) === name);
    const found = records.flatMap((each) => {
      const { name, details } = each;
      try {
        return [{ name, annotator: details?.annotator, ...chosenSet(this.#workspace, dataset, each, set) }];
      } catch (error) {
        if (error instanceof EctopyError && error.code === "not-found") return [];
        throw error;
      }
    });
    if (found.length > 0) return found;
    throw new EctopyError(
      "not-found",
      `Dataset ${dataset} has no ${record === undefined ? "recording" : `recording ${record}`} with annotations by ${set}.`,
      `\`ectopy sets ${dataset}\` lists its annotation sets.`,
    );
  }

  /** Identifies the annotations: an export with the same ones is not written again. */
  #hash(dataset: number, sets: readonly (ChosenSet & { name: string })[]): string {
    const hash = createHash("sha256").update(this.#workspace.datasets.find(dataset)?.fingerprint ?? "");
    for (const { name, columns } of sets) {
      hash.update(`\n${name}\n`);
      if (columns === undefined) continue;
      const { samples, codes, subtypes, probabilities, flags, texts } = columns;
      for (const column of [samples, codes, subtypes, probabilities, flags]) if (column !== null) hash.update(column);
      hash.update(JSON.stringify(texts));
    }
    return hash.digest("hex");
  }
}
