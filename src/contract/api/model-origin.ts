/** Limitation of a run whose model comes from a file: what is known of its training. */
import { TRAINED_ELSEWHERE } from "./notices.ts";
import type { TrainedOnTests } from "../domain/comparison.ts";
import type { TrainingSettings } from "../domain/training.ts";

/** Names that are listed at most. */
const MAX_NAMES = 8;

/** Returns the limitation, one or two sentences; none for a model that was trained here. */
export function originText({
  importedFrom,
  trainedOnTest,
}: Pick<TrainingSettings, "importedFrom" | "trainedOnTest">): string[] {
  if (importedFrom === undefined) return [];
  if (trainedOnTest === undefined) return [TRAINED_ELSEWHERE];
  return [`${TESTED_HERE} ${trainedOnTest.length === 0 ? TRAINED_ON_OTHERS : trainedOnTestText(trainedOnTest)}`];
}

const TESTED_HERE = "The model was trained elsewhere and is only tested here.";
const TRAINED_ON_OTHERS =
  "By their samples, none of its training recordings is in the test set; a resampled or filtered copy is not recognised.";

/** Returns the warning on a test set with recordings that trained the model. @param records at least one */
export function trainedOnTestText(records: readonly string[]): string {
  const what = records.length === 1 ? "Recording" : "Recordings";
  const patients = records.length === 1 ? "another recording of its patient" : "other recordings of their patients";
  return (
    `${what} ${namesOf(records)} of the test set, or ${patients}, trained the model, by the samples: ` +
    "its metrics are optimistic, and say nothing about other patients."
  );
}

function namesOf(records: readonly string[]): string {
  const rest = records.length - MAX_NAMES;
  return records.slice(0, MAX_NAMES).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** Returns the limitation of a comparison: runs of one dataset were trained on test recordings of another. */
export function trainedOnTestsText({ trained, tested, records }: TrainedOnTests): string {
  return (
    `${runsText(trained)} trained on recordings that ${runsText(tested).toLowerCase()} ${tested.length === 1 ? "is" : "are"} tested on, or on ` +
    `recordings of the same patients: ${namesOf(records)}. On that test set, ${trained.length === 1 ? "its" : "their"} metrics would be no test.`
  );
}

function runsText(runs: readonly number[]): string {
  return `${runs.length === 1 ? "Run" : "Runs"} ${runs.join(", ")}`;
}
