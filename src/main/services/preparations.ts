/** Prepares a dataset's beats, and keeps what came out: beats, recipe and split as files, their counts in the database. */
import { existsSync } from "node:fs";
import { SAMPLE, type Dataset } from "../../contract/datasets.ts";
import { EctopyError } from "../../contract/errors.ts";
import type { ReportProgress } from "../../contract/jobs.ts";
import {
  preparationSettingsSchema,
  type PreparationSettings,
  type PreparationSummary,
  type PreparedDataset,
} from "../../contract/preparation.ts";
import { runPreparation } from "../jobs/run-preparation.ts";
import type { Workspace } from "../store/workspace.ts";
import { checkSettings } from "./check-settings.ts";

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
    const { preparations, removed } = this.#workspace;
    const dataset = this.#dataset(datasetId);
    const before = preparations.findBySettings(datasetId, settings);
    if (before && existsSync(this.#workspace.path("preparations", before.id))) {
      removed.restore("preparations", before.id);
      return { preparation: before, alreadyThere: true };
    }

    const staged = this.#workspace.stage("preparations");
    try {
      const outcome = await runPreparation({ ...this.#recordsOf(dataset), settings, destination: staged.path }, watch);
      const { fingerprint, seconds } = outcome.stored!;
      const add = (): number =>
        preparations.add({
          datasetId,
          settings,
          summary: sayIfSynthetic(outcome.summary, dataset),
          fingerprint,
          seconds,
          createdAt: new Date().toISOString(),
        });
      // Files that were taken away are made again, the same, and the runs on them keep what they rest on.
      const id = this.#workspace.keep("preparations", staged, () => before?.id ?? add());
      return { preparation: preparations.find(id)!, alreadyThere: false };
    } finally {
      staged.discard();
    }
  }

  /** What {@link prepare} would give, counted and not stored. @throws as it does */
  async preview(datasetId: number, wanted: PreparationSettings, signal: AbortSignal): Promise<PreparationSummary> {
    const settings = checkSettings(preparationSettingsSchema, wanted, "prepare");
    const dataset = this.#dataset(datasetId);
    const order = { ...this.#recordsOf(dataset), settings, destination: null };
    const { summary } = await runPreparation(order, { progress: () => {}, signal });
    return sayIfSynthetic(summary, dataset);
  }

  #dataset(id: number): Dataset {
    const dataset = this.#workspace.datasets.find(id);
    if (dataset) return dataset;
    throw new EctopyError("not-found", `There is no dataset ${id}.`, "`ectopy datasets` lists them.");
  }

  #recordsOf({ id }: Dataset): { folder: string; names: string[] } {
    const usable = this.#workspace.datasets.records(id).filter((record) => record.usable);
    return { folder: this.#workspace.path("datasets", id), names: usable.map(({ name }) => name) };
  }
}

function sayIfSynthetic(summary: PreparationSummary, { source }: Dataset): PreparationSummary {
  if (source !== SAMPLE) return summary;
  const caveat = "The recordings are synthetic, made to try Ectopy on: figures on them say nothing about patients.";
  return { ...summary, caveats: [caveat, ...summary.caveats] };
}
