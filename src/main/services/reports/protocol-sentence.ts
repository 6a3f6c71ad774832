/** The sentence on the protocol that precedes the metrics of a report. */
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import { patientPartText } from "../../../contract/domain/patient-choice.ts";
import { sharesText } from "../../../contract/settings/setting-facts.ts";
import { protocolName } from "../../../contract/settings/setting-table.ts";

/** @param patientsKnown whether the patients of all recordings are known; else splits keep recordings apart, not patients */
export function protocolSentence(
  { protocol, balancing, fractions, fold, testTables = [], patient, records }: PreparationSettings,
  patientsKnown = true,
): string {
  const balanced = balancing === "smote";
  const balancedTraining = balanced ? "; only the training set is balanced with synthetic beats" : "";
  const sets = `training, validation and test set (${sharesText(fractions)})`;
  return `${protocolName(protocol)}: ${sentence()}`;

  function sentence(): string {
    switch (protocol) {
      case "reference":
        return `${balanced ? "classes are balanced with synthetic beats first; all beats, real and synthetic, are then" : "all beats are"} split at random within each class into ${sets}.`;
      case "intra-patient":
        return `real beats are split at random within each class into ${sets}${balancedTraining}. Validation and test beats are real.`;
      case "given-test-set":
        return `${testTables.join(", ")} is the test set, as given; the beats of the other tables are split at random within each class into training and validation set${balancedTraining}. Patients are unknown. Validation and test beats are real.`;
      case "cross-validation":
        if (!patientsKnown) {
          return `patients are unknown, so recordings are divided into ${fold?.of ?? "several"} folds; the recordings of fold ${fold?.number ?? "one"} are tested here and were not used in training${balancedTraining}. Validation and test beats are real.`;
        }
        return `patients are divided into ${fold?.of ?? "several"} folds; fold ${fold?.number ?? "one"} is tested here and was not used in training${balancedTraining}. Validation and test beats are real.`;
      case "patient-specific": {
        const part = patientPartText(patient ?? { minutes: null }, records.join(", "));
        const rest =
          patient?.minutes === null ? "every fifth of them was tested instead" : "the rest of it is the test set";
        return `run ${patient?.run ?? "–"} was fine-tuned on the ${part}; ${rest}. Validation and test beats are real. The metrics hold for this patient alone and are not comparable with those of unseen patients.`;
      }
      case "external-test":
        return `the test set is another dataset${patientsKnown ? "; the patients of the training dataset are divided into training and validation set" : "; the patients are unknown"}, and recordings with the samples of a test recording are not used in training${balancedTraining}. Validation and test beats are real.`;
      case "custom-split":
      case "inter-patient":
        if (!patientsKnown) {
          return `patients are unknown, so recordings are kept apart: all beats of a recording are in one set, but a test patient may have other recordings in training${balancedTraining}. Validation and test beats are real.`;
        }
        return `all beats of a patient are in one set, so no test patient was used in training${balancedTraining}. Validation and test beats are real.`;
    }
  }
}
