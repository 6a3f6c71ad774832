/** Prepares a dataset's beats, and keeps what came out: beats, recipe and split as files, their counts in the database. */
import { existsSync } from "node:fs";
import { EctopyError } from "../../contract/errors.ts";
import type { ReportProgress } from "../../contract/jobs.ts";
import {
  preparationSettingsSchema,
  type PreparationSettings,
  type PreparationSummary,
} from "../../contract/preparation.ts";
import { prepareBeats } from "../jobs/prepare-beats.ts";
import { SAMPLE, type DatasetRow } from "../store/datasets.ts";
import type { PreparationRow } from "../store/preparations.ts";
import type { Workspace } from "../store/workspace.ts";
import { withSystemErrors } from "../../contract/system-errors.ts";
import { checkSettings } from "./check-settings.ts";
import { writeDataset } from "./dataset-files.ts";

export interface PreparedDataset {
  preparation: PreparationRow;
  /** The same dataset had been prepared with the same settings before. */
  alreadyThere: boolean;
}

export class PreparationService {
  readonly #workspace: Workspace;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** @throws EctopyError `not-found`, `invalid-settings`, `nothing-usable`, `disk-full`, `no-access`; CancelledError */
  async prepare(
    datasetId: number,
    wanted: PreparationSettings,
    watch: { progress: ReportProgress; signal: AbortSignal },
  ): Promise<PreparedDataset> {
    const settings = checkSettings(preparationSettingsSchema, wanted, "prepare");
    const { datasets, preparations } = this.#workspace;
    const dataset = datasets.find(datasetId);
    if (!dataset) {
      throw new EctopyError("not-found", `There is no dataset ${datasetId}.`, "`ectopy datasets` lists them.");
    }
    const before = preparations.findBySettings(datasetId, settings);
    if (before && existsSync(this.#workspace.path("preparations", before.id))) {
      return { preparation: before, alreadyThere: true };
    }

    const names = datasets
      .records(datasetId)
      .filter((record) => record.usable)
      .map((record) => record.name);
    const folder = this.#workspace.path("datasets", datasetId);
    const prepared = await prepareBeats({ folder, names, settings, ...watch });
    const staged = this.#workspace.stage("preparations");
    try {
      watch.progress({ stage: "Storing", done: 0, total: 0, unit: "beats" });
      const fingerprint = await withSystemErrors(`the preparation in ${this.#workspace.folder}`, () =>
        writeDataset(staged.path, prepared),
      );
      const add = (): number =>
        preparations.add({
          datasetId,
          settings,
          summary: sayIfSynthetic(prepared.summary, dataset),
          fingerprint,
          seconds: prepared.seconds.total,
          createdAt: new Date().toISOString(),
        });
      // Files that were taken away are made again, the same, and the runs on them keep what they rest on.
      const id = this.#workspace.keep("preparations", staged, () => before?.id ?? add());
      return { preparation: preparations.find(id)!, alreadyThere: false };
    } finally {
      staged.discard();
    }
  }
}

function sayIfSynthetic(summary: PreparationSummary, { source }: DatasetRow): PreparationSummary {
  if (source !== SAMPLE) return summary;
  const caveat = "The recordings are synthetic, made to try Ectopy on: figures on them say nothing about patients.";
  return { ...summary, caveats: [caveat, ...summary.caveats] };
}
