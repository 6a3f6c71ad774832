/** Fine-tunes trained runs for one patient: prepares the recording as the run reads it, and adds the run that is trained on it. */
import { usedAnnotator } from "../../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { MIN_REVIEWED_BEATS, type FineTuningChoice } from "../../../contract/domain/patient-choice.ts";
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import type { RunRecord } from "../../../contract/domain/training.ts";
import { fineTuningSettings, patientPreparation } from "../../../contract/settings/fine-tuning.ts";
import { isReviewedBeat } from "../../../pipeline/beats/given-labels.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { FindWatch } from "../datasets/find-all.ts";
import type { PreparationService } from "../preparations/preparations.ts";
import type { ResultService } from "../runs/results.ts";
import type { TrainingService } from "../training/training.ts";
import { problemOf, runModel, type RunModel } from "./models.ts";

interface Parts {
  results: ResultService;
  preparations: PreparationService;
  training: TrainingService;
}

/** Choice of a fine-tuning; `minutes` null: all reviewed beats. */
export type PatientTuning = Omit<FineTuningChoice, "minutes"> & { minutes: number | null };

export class FineTuningService {
  readonly #workspace: Workspace;
  readonly #parts: Parts;

  constructor(workspace: Workspace, parts: Parts) {
    this.#workspace = workspace;
    this.#parts = parts;
  }

  /**
   * Prepares the recording, and adds the run, which is not trained yet.
   * @throws EctopyError `not-found`, `invalid-settings`: the run can't be fine-tuned; `nothing-usable`: too few beats
   */
  async add(choice: PatientTuning, watch: FindWatch): Promise<RunRecord> {
    const { run, dataset } = choice;
    const model = this.#model(run);
    const { preparation } = await this.#parts.preparations.prepare(dataset, this.#preparationOf(choice, model), watch);
    return this.#parts.training.add(preparation.id, fineTuningSettings(run, model.details.run.settings, choice));
  }

  /** @throws EctopyError as {@link add} */
  #model(run: number): RunModel {
    const model = runModel(this.#workspace, this.#parts.results, run);
    if (model.networks.length > 1) {
      const fix = "Fine-tune one of its runs.";
      throw new EctopyError("invalid-settings", `Run ${run} is an ensemble: its networks are trained apart.`, fix);
    }
    const { patient } = model.details.preparation.settings;
    if (patient !== undefined) {
      throw new EctopyError(
        "invalid-settings",
        `Run ${run} is patient-specific already: it was fine-tuned from run ${patient.run}.`,
        `Fine-tune run ${patient.run}.`,
      );
    }
    const problem = problemOf(model);
    if (problem !== null) throw new EctopyError("invalid-settings", problem, "Choose another run.");
    return model;
  }

  #preparationOf(
    { dataset, record: name, annotations: given, minutes, replay, run }: PatientTuning,
    { reading }: RunModel,
  ): PreparationSettings {
    const record = this.#workspace.datasets.records(dataset).find((each) => each.name === name && each.usable);
    if (record === undefined) {
      throw new EctopyError(
        "not-found",
        `Dataset ${dataset} has no usable recording ${name}.`,
        "Choose one from the list of recordings.",
      );
    }
    const annotations = given ?? usedAnnotator(record);
    const set = this.#workspace.annotationSets.find(dataset, annotations);
    // Labels of a network that nobody reviewed would only repeat what it knows.
    const reviewedOnly = minutes === null || (set?.origin === "reviewed" && set.runs.length > 0);
    if (minutes === null) this.#refuseUnreviewed(set?.id, name);
    return patientPreparation(reading.settings, { record: name, annotations, reviewedOnly }, { run, minutes, replay });
  }

  #refuseUnreviewed(set: number | undefined, record: string): void {
    const labels = set === undefined ? null : this.#workspace.annotationSets.labelsAt(set, record);
    const reviewed = labels === null ? 0 : labels.filter(isReviewedBeat).length;
    if (reviewed >= MIN_REVIEWED_BEATS) return;
    throw new EctopyError(
      "nothing-usable",
      `Recording ${record} has ${reviewed} reviewed beats; ${MIN_REVIEWED_BEATS} are needed to learn from.`,
      "Correct or confirm more beats first.",
    );
  }
}
