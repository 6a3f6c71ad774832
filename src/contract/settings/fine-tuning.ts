/** Settings of a fine-tuning: those of the run, with a low constant learning rate and few passes. */
import type { FineTuningChoice, PatientChoice } from "../domain/patient-choice.ts";
import type { PreparationSettings, Protocol } from "../domain/preparation.ts";
import { backendNames, type TrainingSettings } from "../domain/training.ts";

/** Chosen on patients of MIT-BIH's DS1 alone (docs/results.md): `node bench/fine-tuning.ts`. */
export const fineTuningDefaults = { epochs: 20, batch: 64 } as const;
/** Learning rate of a fine-tuning, over the first one of the run. */
const LEARNING_RATE_SHARE = 0.5;

/** Returns the learning rate of a fine-tuning, unless the user chooses another. */
export function fineTuningRate({ learningRate }: Pick<TrainingSettings, "learningRate">): number {
  return Number((learningRate * LEARNING_RATE_SHARE).toPrecision(6));
}

/** A run, as far as it decides whether it can be fine-tuned. */
export interface TunableRun {
  settings: Pick<TrainingSettings, "members" | "importedFrom">;
  preparation: { protocol: Protocol };
  test: object | null;
}

/** Runs that can't be fine-tuned, as the dialog names them. */
export const UNTUNABLE_RUNS = "ensembles, evaluated model files, patient-specific runs, and runs without test metrics";

/** Returns whether a run can be fine-tuned, as far as its overview says. */
export function isTunable({ settings, preparation, test }: TunableRun): boolean {
  const isOne = settings.members === undefined && settings.importedFrom === undefined;
  return isOne && test !== null && preparation.protocol !== "patient-specific";
}

/** Returns the training settings of a fine-tuning. All layers are trained. */
export function fineTuningSettings(
  run: number,
  settings: TrainingSettings,
  {
    epochs = fineTuningDefaults.epochs,
    learningRate = fineTuningRate(settings),
    batch = fineTuningDefaults.batch,
    ...given
  }: Pick<FineTuningChoice, "epochs" | "learningRate" | "batch" | "seed" | "backend" | "threads"> = {},
): TrainingSettings {
  const { network, optimizer, clipping, weighting, loss, sampling, precision, seed } = settings;
  const backend = backendNames.find((name) => name === given.backend) ?? "auto";
  return {
    ...{ network, optimizer, clipping, weighting, precision },
    ...(loss === undefined ? {} : { loss }),
    ...(sampling === undefined ? {} : { sampling }),
    ...{ epochs, learningRate, batch, backend },
    schedule: { kind: "constant" },
    // The validation set has other patients: its loss would choose the epoch that learned least of this one.
    keptEpoch: "last",
    patience: 0,
    stepsPerEpoch: 0,
    seed: given.seed ?? seed,
    threads: given.threads ?? 0,
    fineTunes: run,
  };
}

/** Returns the settings of a patient-specific preparation. @param settings of the run's preparation, with leads and rate */
export function patientPreparation(
  settings: PreparationSettings,
  { record, annotations, reviewedOnly }: { record: string; annotations: string; reviewedOnly: boolean },
  patient: PatientChoice,
): PreparationSettings {
  const { assigned, fold, testDataset, testTables, recipe, withoutBothShared, ...kept } = settings;
  void [assigned, fold, testDataset, testTables, withoutBothShared];
  return {
    ...kept,
    ...(recipe === undefined ? {} : { recipe: { ...recipe, synthetic: false } }),
    protocol: "patient-specific",
    balancing: "none",
    smallestClass: 1,
    records: [record],
    withoutSharedPatient: false,
    annotations: { sets: [annotations], reviewedOnly },
    patient,
  };
}
