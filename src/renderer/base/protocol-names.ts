/** Names and explanations of the evaluation protocols, for every screen. */
import type { Protocol } from "../../contract/domain/preparation.ts";

export interface ProtocolName {
  /** For tables and badges. */
  short: string;
  /** For the choice between protocols. */
  name: string;
  /** What metrics of this protocol can and can't show, in one sentence. */
  shows: string;
}

export const protocolNames: Readonly<Record<Protocol, ProtocolName>> = {
  "intra-patient": {
    short: "Intra-patient split",
    name: "Intra-patient split",
    shows:
      "Random split of the beats; only the training set is balanced. Test beats are real and unseen, of known patients.",
  },
  "inter-patient": {
    short: "Inter-patient split",
    name: "Inter-patient split (unseen patients)",
    shows: "Training and test beats come from different patients. Estimates performance on unseen patients.",
  },
  "cross-validation": {
    short: "Cross-validation",
    name: "Patient-wise cross-validation",
    shows: "One fold of several: the network is tested on patients it was not trained on.",
  },
  reference: {
    short: "Reference study",
    name: "Reference study (leaky: SMOTE before split)",
    shows: "Test beats are SMOTE interpolations of training beats. Use it only to replicate the study's metrics.",
  },
};
