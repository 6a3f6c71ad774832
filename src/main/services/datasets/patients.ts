/** Corrects the patients of recordings after the import, and undoes corrections. */
import { contentsOf, type DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { lastCorrection, type CorrectedPatients } from "../../../contract/domain/datasets.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";
import { notFound } from "../../base/not-found.ts";
import { timestamp } from "../../base/timestamp.ts";
import { readManifest } from "../../store/manifest.ts";
import type { Workspace } from "../../store/workspace.ts";
import { withPatientsAsOf } from "../../../pipeline/beats/outdated.ts";
import { nameInTable } from "./identify-records.ts";

export class PatientService {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /**
   * Changes the patients of some recordings, as one correction; all others keep theirs.
   * @param patients by name, by original name, or with the folder, as in a table of patients; null or empty: unknown
   * @throws EctopyError `not-found`; `invalid-settings`: it names none of the recordings, or the dataset has tables of beats
   */
  correct(dataset: number, patients: Readonly<Record<string, string | null>>): CorrectedPatients {
    const { datasets } = this.#workspace;
    const records = this.#recordsOf(dataset);
    const unused = new Set(Object.keys(patients));
    const labels = new Map<string, string | null>();
    for (const record of records) {
      const key = nameInTable(record, patients);
      if (key === undefined) continue;
      unused.delete(key);
      const label = patients[key]?.trim() ?? "";
      labels.set(record.name, label === "" ? null : label);
    }
    if (labels.size === 0) {
      throw new EctopyError(
        "invalid-settings",
        `Dataset ${dataset} has none of these recordings: ${[...unused].slice(0, 5).join(", ")}.`,
        "Name recordings as the dataset lists them.",
      );
    }
    const changes = new Map(
      records.flatMap(({ name, patient }): [string, string | null][] => {
        const label = labels.get(name);
        return label === undefined || label === patient ? [] : [[name, label]];
      }),
    );
    if (changes.size > 0) {
      const areKnown = records.every(
        ({ usable, name, patient }) => !usable || (changes.has(name) ? changes.get(name) : patient) !== null,
      );
      const patientsFrom = areKnown ? "table" : null;
      this.#store(dataset, () => datasets.correctPatients(dataset, { createdAt: timestamp(), patientsFrom, changes }));
    }
    return this.#corrected(dataset, changes, [...unused]);
  }

  /**
   * Undoes the last correction that is not undone. Preparations of the corrected patients keep them.
   * @throws EctopyError `not-found`; `invalid-settings`: there is no correction
   */
  undo(dataset: number): CorrectedPatients {
    const { datasets } = this.#workspace;
    const records = this.#recordsOf(dataset);
    const last = lastCorrection(datasets.corrections(dataset));
    if (last === undefined) {
      throw new EctopyError(
        "invalid-settings",
        `No correction of the patients of dataset ${dataset} can be undone.`,
        "Name the patients by hand, or by a table.",
      );
    }
    const present = new Set(records.map(({ name }) => name));
    const changes = new Map(Object.entries(last.patients).filter(([name]) => present.has(name)));
    const { patientsFrom, version: undoes } = last;
    this.#store(dataset, () =>
      datasets.correctPatients(dataset, { createdAt: timestamp(), patientsFrom, undoes, changes }),
    );
    return this.#corrected(dataset, changes, []);
  }

  #corrected(dataset: number, changes: ReadonlyMap<string, string | null>, unused: string[]): CorrectedPatients {
    const { datasets, preparations, removed } = this.#workspace;
    const inBin = removed.ids("preparations");
    const now = datasets.patients(dataset);
    const isOutdated = (preparation: Preparation): boolean => {
      const version = preparations.datasetVersion(preparation.id);
      return withPatientsAsOf(preparation, datasets.patients(dataset, version), now).isOutdated === true;
    };
    const own = preparations.list().filter(({ id, datasetId }) => datasetId === dataset && !inBin.has(id));
    return { changed: [...changes.keys()], unused, outdated: own.filter(isOutdated).map(({ id }) => id) };
  }

  /** Stores a change, in the dataset's manifest too: a lost database is then created again with the corrections. */
  #store(dataset: number, change: () => void): void {
    const workspace = this.#workspace;
    workspace.transaction(() => {
      change();
      const manifest = readManifest(workspace.path("datasets", dataset));
      if (manifest === undefined || manifest === "damaged") return;
      workspace.addManifest("datasets", dataset, manifest.files);
    });
  }

  #recordsOf(dataset: number): DatasetRecord[] {
    const { datasets } = this.#workspace;
    if (datasets.find(dataset) === undefined) throw notFound("dataset", dataset);
    const records = datasets.records(dataset);
    if (contentsOf(records) === "recordings") return records;
    throw new EctopyError(
      "invalid-settings",
      `Dataset ${dataset} has tables of beats, whose patients are unknown.`,
      "Name the patients of a dataset of recordings.",
    );
  }
}
