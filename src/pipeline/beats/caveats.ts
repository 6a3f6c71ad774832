/** What a preparation can and cannot show, in plain sentences for a clinician. */
import type { ClassCounts, SetName, PreparationSettings } from "../../contract/domain/preparation.ts";
import type { BeatTable } from "./beat-table.ts";
import { isMitBih, SHARED_PATIENT } from "./mitbih.ts";
import type { ProtocolPlan } from "./protocols.ts";

export interface CaveatInput {
  settings: PreparationSettings;
  table: BeatTable;
  plan: ProtocolPlan;
  counts: readonly ClassCounts[];
  /** The sets that each record's beats stand in. */
  recordSets: readonly ReadonlySet<SetName>[];
}

const PART_NAMES: Record<SetName, string> = { train: "training", validation: "validation", test: "test" };

export function preparationCaveats(input: CaveatInput): string[] {
  return [
    ...protocolCaveats(input),
    ...sharedPatient(input),
    ...balancingCaveats(input),
    ...missingClasses(input),
    ...blockedPWave(input),
  ];
}

function protocolCaveats({ settings, table, counts, recordSets }: CaveatInput): string[] {
  const shared = recordSets.filter((standsIn) => standsIn.has("train") && standsIn.has("test")).length;
  const sameRecords =
    shared === 0
      ? []
      : [
          `Beats of the same patient stand in training and test (${count(shared, "record")} of ${table.records.length}): ` +
            "the test figures show how well known patients are read, not new ones.",
        ];
  switch (settings.protocol) {
    case "reference": {
      const synthetic = counts.reduce((sum, { syntheticTest }) => sum + syntheticTest, 0);
      const tested = counts.reduce((sum, { test }) => sum + test, 0);
      if (synthetic === 0) return sameRecords;
      return [
        "Synthetic beats were made before the split: test beats are blends of training beats, so the test figures say " +
          "little about new patients.",
        `${figure(synthetic)} of the ${count(tested, "test beat")} are synthetic.`,
        ...sameRecords,
      ];
    }
    case "intra-patient":
      return sameRecords;
    case "cross-validation":
      return [
        `Fold ${settings.fold?.number} of ${settings.fold?.of}: its patients are tested, the others trained on. One fold alone says ` +
          "little; the mean over all of them does.",
        "No record's beats stand in more than one set: the test figures show how well new patients are read.",
      ];
    case "inter-patient":
      return [
        "No record's beats stand in more than one set: the test figures show how well new patients are read.",
        ...(isMitBih(table.records)
          ? []
          : ["Each record is taken for one patient: where a patient has several records, their beats may still meet."]),
      ];
  }
}

/** 201 and 202 of MIT-BIH are one patient: said wherever they stand in different sets by protocol. */
function sharedPatient({ settings, table, recordSets }: CaveatInput): string[] {
  if (settings.protocol !== "inter-patient" || !isMitBih(table.records)) return [];
  const names = [SHARED_PATIENT.train, SHARED_PATIENT.test];
  const standing = names.map((name) => [...(recordSets[table.records.indexOf(name)] ?? [])].at(0));
  const [one, other] = standing;
  if (one === undefined || other === undefined) return [];
  return [`Records ${names[0]} (${PART_NAMES[one]}) and ${names[1]} (${PART_NAMES[other]}) are one patient.`];
}

function balancingCaveats({ settings, table, plan }: CaveatInput): string[] {
  if (plan.balancing === null) return [];
  const sentences: string[] = [];
  for (const { label, members, k } of plan.balancing.classes) {
    if (k === 0) {
      sentences.push(`Class ${label} has a single real beat to balance from: its synthetic beats are copies of it.`);
    } else if (k < settings.neighbours) {
      sentences.push(
        `Class ${label} has ${count(members.length, "real beat")} to balance from: its synthetic beats use ` +
          `${count(k, "neighbour")} instead of ${settings.neighbours}.`,
      );
    }
  }
  const { overCap } = plan.balancing;
  if (overCap.length > 0) {
    const label = table.labels[table.classes[overCap[0]]];
    sentences.push(
      `${figure(overCap.length)} real beats of class ${label}, drawn at random, are left out to hold it at ` +
        `${figure(settings.majorityCap)}.`,
    );
  }
  return sentences;
}

function missingClasses({ counts }: CaveatInput): string[] {
  return counts.flatMap(({ label, train, validation, test }) => [
    ...(train === 0 ? [`Class ${label} has no beats in training: the network cannot learn it.`] : []),
    ...(validation === 0 ? [`Class ${label} has no beats in validation: it does not count there.`] : []),
    ...(test === 0 ? [`Class ${label} has no beats in test: how well it is read cannot be shown.`] : []),
  ]);
}

function blockedPWave({ table }: CaveatInput): string[] {
  return table.labels.includes("x")
    ? ["Class x is a blocked P wave: the study counts it as a beat, though it is none."]
    : [];
}

/** A whole number with thousands separated: 50,000. */
function figure(value: number): string {
  return value.toLocaleString("en-US");
}

function count(value: number, noun: string): string {
  return `${figure(value)} ${noun}${value === 1 ? "" : "s"}`;
}
