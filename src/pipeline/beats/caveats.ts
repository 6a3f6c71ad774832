/** Limitations of the metrics on a preparation, one sentence each, for clinicians. */
import { counted, formatInteger } from "../../contract/text/format-number.ts";
import { leadKey } from "../../contract/domain/leads.ts";
import type {
  ClassCounts,
  PreparedRecording,
  PreparationSettings,
  SetName,
} from "../../contract/domain/preparation.ts";
import { featureDefinitions, featureUses, RECIPE_RATE, type FeatureUse } from "../../contract/domain/recipe.ts";
import type { FindingCode } from "../../contract/domain/recordings.ts";
import { RESAMPLING_FILTER } from "../signal/resample.ts";
import type { BeatTable } from "./beat-table.ts";
import { arePatientsKnown, patientsOf } from "./patients.ts";
import type { ProtocolPlan } from "./protocols.ts";

/** What is odd about the lead that a recording gave. */
export interface RecordOddity {
  record: string;
  code: FindingCode;
  /** One sentence. */
  message: string;
}

export interface CaveatInput {
  settings: PreparationSettings;
  table: BeatTable;
  plan: ProtocolPlan;
  counts: readonly ClassCounts[];
  /** Sets that have beats of each recording. */
  recordSets: readonly ReadonlySet<SetName>[];
  /** Lead and rate of each recording before it was resampled, by its name. */
  recordings: Readonly<Record<string, PreparedRecording>>;
  /** The same of the test dataset; absent: there is none. */
  testRecordings?: Readonly<Record<string, PreparedRecording>> | undefined;
  /** Recordings that are not used, because they or their patient are in the test dataset; absent: none. */
  sharedWithTest?: readonly string[] | undefined;
  oddities: readonly RecordOddity[];
}

const SET_NAMES: Record<SetName, string> = { train: "training", validation: "validation", test: "test" };

/** Returns all limitations, the most important first. */
export function preparationCaveats(input: CaveatInput): string[] {
  return [
    ...protocolCaveats(input),
    ...externalCaveats(input),
    ...tableCaveats(input),
    ...leadCaveats(input),
    ...rateCaveats(input),
    ...recipeCaveats(input),
    ...balancingCaveats(input),
    ...missingClasses(input),
    ...blockedPWave(input),
  ];
}

/** Names of recordings in one sentence, at most. */
const MAX_NAMES = 5;

function namesOf(records: readonly string[]): string {
  const shown = records.slice(0, MAX_NAMES).join(", ");
  const more = records.length - MAX_NAMES;
  return `${records.length === 1 ? "Recording" : "Recordings"} ${shown}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Returns what the oddities of leads mean for training, one sentence for each kind; and different leads. */
function leadCaveats({ settings, oddities, recordings }: CaveatInput): string[] {
  const sentence = (code: FindingCode, meaning: string): string[] => {
    const records = oddities.filter((oddity) => oddity.code === code).map(({ record }) => record);
    return records.length === 0 ? [] : [`${namesOf(records)}: ${meaning}`];
  };
  const byLead = Map.groupBy(Object.entries(recordings), ([, { lead }]) => leadKey(lead));
  const isMixed = byLead.size > 1;
  const seconds = new Set(Object.values(recordings).flatMap(({ secondLead }) => secondLead ?? []));
  const groups = [...byLead.values()].map((group) => `${group[0][1].lead} of ${counted(group.length, "recording")}`);
  return [
    ...(isMixed
      ? [`Recordings give different leads: ${groups.join(", ")}. Shapes of beats differ between leads.`]
      : []),
    ...(seconds.size > 1
      ? [`Second leads differ between recordings: ${[...seconds].join(", ")}. Shapes of beats differ between leads.`]
      : []),
    ...sentence("not-ecg", "the lead is no ECG by its name."),
    ...sentence("railed-lead", "the lead is at its limit for much of the recording, where beats have no shape."),
    ...sentence("unknown-unit", "the unit is no voltage or unknown: amplitudes can't be compared with those in mV."),
    ...sentence("implausible-amplitude", "the amplitudes are implausible for an ECG: check unit and gain."),
    ...(settings.normalisation === "z-score"
      ? []
      : sentence(
          "offset",
          "the lead is millivolts away from 0. Beats keep this offset, and the network can recognise the recording by it; " +
            "the normalisation z-score removes it.",
        )),
  ];
}

/** Returns which recordings were resampled, by which filter. */
function rateCaveats({ settings, recordings }: CaveatInput): string[] {
  // An input recipe computes at its rate; its beats are means of three samples.
  const rate = settings.recipe === undefined ? settings.rate : RECIPE_RATE;
  if (rate === undefined) return [];
  const resampled = Object.values(recordings).filter((each) => each.rate !== rate);
  if (resampled.length === 0) return [];
  const rates = [...new Set(resampled.map((each) => each.rate))].sort((a, b) => a - b);
  const raised = rates.filter((each) => each < rate);
  return [
    `${counted(resampled.length, "recording")} of ${rates.join(", ")} Hz ${resampled.length === 1 ? "was" : "were"} resampled to ` +
      `${rate} Hz (${RESAMPLING_FILTER})` +
      (raised.length === 0
        ? "."
        : `; those of ${raised.join(", ")} Hz have nothing above half their rate, by which a network can recognise them.`),
  ];
}

/** Returns what an input recipe uses beyond a beat, and which training beats weigh nothing or are synthetic. */
function recipeCaveats({ settings: { recipe }, table, counts }: CaveatInput): string[] {
  if (recipe === undefined) return [];
  const definitions = featureDefinitions(recipe);
  const using = (use: FeatureUse): number => definitions.filter(({ uses }) => uses.includes(use)).length;
  const [transductive, notCausal] = featureUses.map(using);
  const synthetic = counts.reduce((sum, { syntheticTrain }) => sum + syntheticTrain, 0);
  return [
    "R-peaks and neighbouring beats are those of the annotator: metrics say nothing about the detection of beats.",
    ...(recipe.variant === "causal"
      ? []
      : [
          `Of ${counted(definitions.length, "feature")}, ${transductive} compare with the whole recording (transductive) and ` +
            `${notCausal} look at later beats (not causal); filter and alignment do both. Metrics hold for recordings that ` +
            "are analysed after their end, not for monitoring.",
        ]),
    ...(table.labels.includes("Q")
      ? ["Beats of class Q weigh nothing in training: none is predicted, and those of the test set count as errors."]
      : []),
    ...(synthetic === 0
      ? []
      : [
          `${counted(synthetic, "training beat")} are synthetic, in recordings made of training recordings: early atrial beats, ` +
            "atrial fibrillation, sinus arrhythmia and pauses. They weigh a fifth of the real ones.",
        ]),
  ];
}

/** Returns what a table of beats can't say. */
function tableCaveats({ settings: { rowSamples, protocol, rate, normalisation } }: CaveatInput): string[] {
  if (rowSamples === undefined) return [];
  return [
    protocol === "given-test-set"
      ? "Patients are unknown: whether the given test set has beats of training patients can't be checked. Test metrics " +
        "estimate performance on unseen patients only if it has none."
      : "Patients are unknown, and the split is random: beats of one patient are in training and test set. Test metrics " +
        "estimate performance on known patients, not on unseen ones.",
    "The dataset has beats alone: nothing can be said by recording, rhythm or interval.",
    ...(rate === undefined
      ? ["The sampling rate is unknown: a model of these beats can't be used on recordings."]
      : []),
    ...(normalisation === "none" ? ["Amplitudes are those of the table, whose unit is unknown."] : []),
  ];
}

/** Returns what a test on another dataset means, and which recordings were not used for it. */
function externalCaveats({ settings, recordings, testRecordings, sharedWithTest = [] }: CaveatInput): string[] {
  if (testRecordings === undefined) return [];
  const rate = settings.recipe === undefined ? settings.rate : RECIPE_RATE;
  const of = Object.values(testRecordings);
  const leads = [...new Set(of.map(({ lead }) => lead))];
  const rates = [...new Set(of.map((each) => each.rate))].sort((a, b) => a - b);
  const resampled = rates.filter((each) => each !== rate);
  const trained = new Set(Object.values(recordings).map(({ lead }) => leadKey(lead)));
  const others = leads.filter((lead) => !trained.has(leadKey(lead)));
  return [
    `The test set is another dataset, ${counted(of.length, "recording")} with lead ${leads.join(", ")} at ${rates.join(", ")} Hz` +
      (resampled.length === 0 || rate === undefined ? "" : `, resampled to ${rate} Hz (${RESAMPLING_FILTER})`) +
      ". Its symbols are mapped by the same class map; its annotators may have used them differently.",
    ...(others.length === 0
      ? []
      : [`No training recording gives lead ${others.join(", ")}: shapes of beats differ between leads.`]),
    ...(sharedWithTest.length === 0
      ? []
      : [
          `${namesOf(sharedWithTest)} ${sharedWithTest.length === 1 ? "is" : "are"} not used in training: the test dataset has the same ` +
            "samples, or recordings of the same patient.",
        ]),
    "Recordings of both datasets are compared by their samples: a resampled or filtered copy is not recognised.",
  ];
}

function protocolCaveats({ settings, table, counts, recordSets }: CaveatInput): string[] {
  const shared = recordSets.filter((sets) => sets.has("train") && sets.has("test")).length;
  const sameRecords =
    shared === 0 || settings.rowSamples !== undefined
      ? []
      : [
          `${formatInteger(shared)} of ${counted(table.records.length, "recording")} ${shared === 1 ? "has" : "have"} beats in both ` +
            "training and test set: test metrics estimate performance on known patients, not on unseen ones.",
        ];
  switch (settings.protocol) {
    case "reference": {
      const synthetic = counts.reduce((sum, { syntheticTest }) => sum + syntheticTest, 0);
      const tested = counts.reduce((sum, { test }) => sum + test, 0);
      if (synthetic === 0) return sameRecords;
      return [
        "The test set contains SMOTE interpolations of training beats, because balancing precedes the split: test metrics " +
          "say little about unseen patients.",
        `${formatInteger(synthetic)} of the ${counted(tested, "test beat")} are synthetic.`,
        ...sameRecords,
      ];
    }
    case "intra-patient":
      return sameRecords;
    case "given-test-set":
    // Its limitations are those of prepare-patient.ts.
    case "patient-specific":
      return [];
    case "cross-validation":
      return [
        `Fold ${settings.fold?.number} of ${settings.fold?.of}: its patients are the test set. One fold alone says little; ` +
          "use the mean over all folds.",
        patientCaveat(table, recordSets),
      ];
    case "custom-split":
    case "external-test":
    case "inter-patient":
      return [patientCaveat(table, recordSets)];
  }
}

/** Returns whether each patient is in one set only, as far as patients are known. */
function patientCaveat({ identities }: BeatTable, recordSets: CaveatInput["recordSets"]): string {
  if (!arePatientsKnown(identities)) {
    return (
      "Patients are unknown: each recording's beats are in one set only, and each recording counts as one patient. Test metrics " +
      "estimate performance on unseen patients only if no patient has recordings in several sets."
    );
  }
  const patients = patientsOf(identities);
  const setOf = (record: number): SetName | undefined => [...recordSets[record]].at(0);
  const divided = [...Map.groupBy(patients.keys(), (record) => patients[record]).values()].flatMap((records) => {
    const [one, ...others] = records.filter((record) => setOf(record) !== undefined);
    const other = others.find((record) => setOf(record) !== setOf(one));
    return other === undefined ? [] : [[one, other].map((record) => inSet(identities[record].name, setOf(record)))];
  });
  if (divided.length === 0) {
    return "Each patient's beats are in one set only: test metrics estimate performance on unseen patients.";
  }
  return (
    divided.map(([one, other]) => `Recordings ${one} and ${other} are of one patient. `).join("") +
    "The beats of every other patient are in one set only: test metrics estimate performance on unseen patients, except on " +
    `${divided.length === 1 ? "this one" : "these"}.`
  );
}

function inSet(name: string, set: SetName | undefined): string {
  return set === undefined ? name : `${name} (${SET_NAMES[set]} set)`;
}

function balancingCaveats({ settings, table, plan }: CaveatInput): string[] {
  if (plan.balancing === null) return [];
  const sentences: string[] = [];
  for (const { label, members, k } of plan.balancing.classes) {
    if (k === 0) {
      sentences.push(`Class ${label} has a single real beat for SMOTE: its synthetic beats are copies of it.`);
    } else if (k < settings.neighbours) {
      sentences.push(
        `Class ${label} has ${counted(members.length, "real beat")} for SMOTE, which uses ${counted(k, "neighbour")} instead of ` +
          `${settings.neighbours}.`,
      );
    }
  }
  const overCap = Map.groupBy(plan.balancing.overCap, (row) => table.labels[table.classes[row]]);
  for (const [label, rows] of overCap) {
    sentences.push(
      settings.protocol === "reference"
        ? `The majority-class cap of ${formatInteger(settings.majorityCap)} excludes ${formatInteger(rows.length)} real beats of ` +
            `class ${label}, drawn at random.`
        : `Balancing excludes ${formatInteger(rows.length)} real training beats of class ${label}, drawn at random.`,
    );
  }
  return sentences;
}

function missingClasses({ counts }: CaveatInput): string[] {
  return counts.flatMap(({ label, train, validation, test }) => [
    ...(train === 0 ? [`Class ${label} has no training beats: the network can't learn it.`] : []),
    ...(validation === 0 ? [`Class ${label} has no validation beats: validation metrics ignore it.`] : []),
    ...(test === 0 ? [`Class ${label} has no test beats: its sensitivity can't be measured.`] : []),
  ]);
}

function blockedPWave({ table }: CaveatInput): string[] {
  return table.labels.includes("x")
    ? ["Class x is a blocked P wave: the reference study counts it as a beat, although it is none."]
    : [];
}
