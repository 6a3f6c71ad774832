/** Summary of a preparation: beats by class and set, excluded beats, recordings in several sets, limitations. */
import {
  setNames,
  type ClassCounts,
  type LeftOut,
  type SetName,
  type PreparedRecording,
  type PreparationSettings,
  type PreparationSummary,
} from "../../contract/domain/preparation.ts";
import type { BeatTable } from "./beat-table.ts";
import { preparationCaveats, type RecordOddity } from "./caveats.ts";
import { arePatientsKnown } from "./patients.ts";
import type { Examples, ProtocolPlan } from "./protocols.ts";

export interface SummaryInput {
  settings: PreparationSettings;
  table: BeatTable;
  /** Beats found of each class, before small classes are excluded. */
  found: readonly number[];
  leftOut: LeftOut;
  plan: ProtocolPlan;
  examples: Examples;
  recordings: Readonly<Record<string, PreparedRecording>>;
  /** The recordings of the test dataset; absent: there is none. */
  testRecordings?: Readonly<Record<string, PreparedRecording>> | undefined;
  /** Recordings that are not used, because they or their patient are in the test dataset; absent: none. */
  sharedWithTest?: readonly string[] | undefined;
  /** What is odd about the leads that were used. */
  oddities: readonly RecordOddity[];
}

export function summarise(input: SummaryInput): PreparationSummary {
  const { settings, table, leftOut, examples } = input;
  const counts = countClasses(input);
  const recordSets = setsOfRecords(table, examples);
  const recordsIn = (set: SetName): string[] => table.records.filter((_, record) => recordSets[record].has(set));
  return {
    settings,
    labels: table.labels,
    counts,
    totals: {
      train: examples.sets.train.length,
      validation: examples.sets.validation.length,
      test: examples.sets.test.length,
    },
    beats: examples.realCount,
    leftOut,
    sharedRecords: table.records.filter((_, record) => recordSets[record].size > 1),
    recordsBySet: {
      train: recordsIn("train"),
      validation: recordsIn("validation"),
      test: recordsIn("test"),
    },
    patientsKnown: arePatientsKnown(table.identities),
    recordings: { ...input.recordings },
    ...(input.testRecordings === undefined ? {} : { testRecordings: { ...input.testRecordings } }),
    caveats: preparationCaveats({ ...input, counts, recordSets }),
  };
}

function countClasses({ table, found, examples }: SummaryInput): ClassCounts[] {
  const count = (set: SetName, from: number): number[] => {
    const byClass = table.labels.map(() => 0);
    for (const example of examples.sets[set]) if (example >= from) byClass[examples.classes[example]]++;
    return byClass;
  };
  const all = { train: count("train", 0), validation: count("validation", 0), test: count("test", 0) };
  const synthetic = {
    train: count("train", examples.realCount),
    validation: count("validation", examples.realCount),
    test: count("test", examples.realCount),
  };
  return table.labels.map((label, number) => ({
    label,
    found: found[number],
    train: all.train[number],
    validation: all.validation[number],
    test: all.test[number],
    syntheticTrain: synthetic.train[number],
    syntheticValidation: synthetic.validation[number],
    syntheticTest: synthetic.test[number],
  }));
}

/** Returns the sets that have beats of each recording, real ones or parents of synthetic ones. */
function setsOfRecords(table: BeatTable, { sets: examples, realCount, recipe }: Examples): Set<SetName>[] {
  const setsOf = table.records.map(() => new Set<SetName>());
  for (const set of setNames) {
    const seen = new Uint8Array(table.records.length);
    for (const example of examples[set]) {
      if (example < realCount) {
        seen[table.record[example]] = 1;
      } else {
        seen[table.record[recipe.base[example - realCount]]] = 1;
        seen[table.record[recipe.neighbour[example - realCount]]] = 1;
      }
    }
    seen.forEach((value, record) => value === 1 && setsOf[record].add(set));
  }
  return setsOf;
}
