/** Texts of the settings that say where beats, labels and first weights come from, and how sets are divided. */
import type { Protocol } from "../domain/preparation.ts";

export const protocolText = {
  label: "Evaluation protocol",
  help: "How beats are split into training, validation and test set.",
  values: {
    reference: "Reference study",
    "intra-patient": "Intra-patient split",
    "inter-patient": "Inter-patient split",
    "cross-validation": "Patient-wise cross-validation",
    "custom-split": "Custom split by patient",
    "external-test": "Another dataset as the test",
    "given-test-set": "Given test set",
    "patient-specific": "Patient-specific",
  } satisfies Record<Protocol, string>,
  valueHelp: {
    "intra-patient":
      "Random split of the beats; only the training set is balanced. Test beats are real and unseen, of known patients.",
    "inter-patient": "Training and test beats come from different patients. Estimates performance on unseen patients.",
    "custom-split":
      "Patients are assigned to training, validation and test set by hand. Estimates performance on unseen patients.",
    "cross-validation": "One fold of several: the network is tested on patients it was not trained on.",
    reference:
      "Leaky: SMOTE before the split, so test beats are SMOTE interpolations of training beats. Use it only to replicate the study's metrics.",
    "external-test":
      "Trains on the patients of this dataset and tests on another one. Estimates performance on other patients, devices and annotators.",
    "given-test-set":
      "The dataset's test table is the test set; the other tables are divided into training and validation set.",
    "patient-specific":
      "A trained network, fine-tuned on a part of one recording and tested on the rest of it. Its metrics hold for this patient alone.",
  } satisfies Record<Protocol, string>,
};

export const labelTexts = {
  "annotations.sets": {
    label: "Annotations",
    help: "Annotation set that gives the labels; of several, each recording takes the first that it has.",
  },
  "annotations.reviewedOnly": {
    label: "Only reviewed beats",
    help: "Leaves out beats of reviewed sets that nobody set or confirmed.",
  },
  "annotations.sources": { label: "State of the annotations" },
  "patient.run": { label: "Fine-tuned run" },
  "patient.minutes": {
    range: { min: 0, max: 1440, aboveMin: true as const },
    label: "Training minutes",
    unit: "min",
    help: "Trained on from the start of the recording; the rest is tested.",
    values: { null: "reviewed beats" },
  },
  "patient.replay": {
    range: { min: 0, max: 100_000, whole: true as const },
    label: "Beats of other patients",
    unit: "per class",
    help: "Training beats of the run that are trained on too, so that the network keeps the classes that the patient lacks.",
  },
};

export const startTexts = {
  fineTunes: { label: "Starts from run", help: "The training starts from the weights of this run." },
  importedFrom: { label: "Imported from", help: "File of a model that was trained outside Ectopy." },
};
