/** The sentence on the protocol that precedes the metrics of a report. */
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import { sharesText } from "../../../contract/settings/setting-facts.ts";
import { protocolName } from "../../../contract/settings/setting-table.ts";

export function protocolSentence({ protocol, balancing, fractions, fold }: PreparationSettings): string {
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
      case "cross-validation":
        return `patients are divided into ${fold?.of ?? "several"} folds; fold ${fold?.number ?? "one"} is tested here and was not used in training${balancedTraining}. Validation and test beats are real.`;
      case "inter-patient":
        return `all beats of a patient are in one set, so no test patient was used in training${balancedTraining}. Validation and test beats are real.`;
    }
  }
}
