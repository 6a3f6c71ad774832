/** Limitations of the metrics on a preparation, one sentence each, for clinicians. */
import { counted, formatInteger } from "../../contract/text/format-number.ts";
import type { ClassCounts, SetName, PreparationSettings } from "../../contract/domain/preparation.ts";
import type { BeatTable } from "./beat-table.ts";
import { isMitBih, mitBihNumber, SHARED_PATIENT } from "./mitbih.ts";
import { arePatientsKnown } from "./patients.ts";
import type { ProtocolPlan } from "./protocols.ts";

export interface CaveatInput {
  settings: PreparationSettings;
  table: BeatTable;
  plan: ProtocolPlan;
  counts: readonly ClassCounts[];
  /** Sets that have beats of each recording. */
  recordSets: readonly ReadonlySet<SetName>[];
}

const SET_NAMES: Record<SetName, string> = { train: "training", validation: "validation", test: "test" };

/** Returns all limitations, the most important first. */
export function preparationCaveats(input: CaveatInput): string[] {
  return [...protocolCaveats(input), ...balancingCaveats(input), ...missingClasses(input), ...blockedPWave(input)];
}

function protocolCaveats({ settings, table, counts, recordSets }: CaveatInput): string[] {
  const shared = recordSets.filter((sets) => sets.has("train") && sets.has("test")).length;
  const sameRecords =
    shared === 0
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
    case "cross-validation":
      return [
        `Fold ${settings.fold?.number} of ${settings.fold?.of}: its patients are the test set. One fold alone says little; ` +
          "use the mean over all folds.",
        patientCaveat(table, recordSets),
      ];
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
  const known = "Each patient's beats are in one set only: test metrics estimate performance on unseen patients.";
  if (!isMitBih(identities)) return known;
  const shared = [SHARED_PATIENT.train, SHARED_PATIENT.test].map((number) =>
    identities.findIndex((record) => mitBihNumber(record) === number),
  );
  const [one, other] = shared.map((record) => [...(recordSets[record] ?? [])].at(0));
  if (one === undefined || other === undefined || one === other) return known;
  const names = shared.map((record) => identities[record].name);
  return (
    `Recordings ${names[0]} (${SET_NAMES[one]} set) and ${names[1]} (${SET_NAMES[other]} set) are of one patient. The beats of every ` +
    "other patient are in one set only: test metrics estimate performance on unseen patients, except on this one."
  );
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
  const { overCap } = plan.balancing;
  if (overCap.length > 0) {
    const label = table.labels[table.classes[overCap[0]]];
    sentences.push(
      `The majority-class cap of ${formatInteger(settings.majorityCap)} excludes ${formatInteger(overCap.length)} real beats of ` +
        `class ${label}, drawn at random.`,
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
