/** The preparation summary: beats by class and part, what was left out, who stands on both sides, and what that means. */
import {
  parts,
  type ClassCounts,
  type LeftOut,
  type Part,
  type PreparationSettings,
  type PreparationSummary,
} from "../../contract/domain/preparation.ts";
import type { BeatTable } from "./beat-table.ts";
import { preparationCaveats } from "./caveats.ts";
import type { Examples, ProtocolPlan } from "./protocols.ts";

export interface SummaryInput {
  settings: PreparationSettings;
  table: BeatTable;
  /** Beats found of each class, before the smallest-class rule. */
  found: readonly number[];
  leftOut: LeftOut;
  plan: ProtocolPlan;
  examples: Examples;
}

export function summarise(input: SummaryInput): PreparationSummary {
  const { settings, table, leftOut, examples } = input;
  const counts = countClasses(input);
  const recordParts = partsOfRecords(table, examples);
  const recordsIn = (part: Part): string[] => table.records.filter((_, record) => recordParts[record].has(part));
  return {
    settings,
    labels: table.labels,
    counts,
    totals: {
      train: examples.parts.train.length,
      validation: examples.parts.validation.length,
      test: examples.parts.test.length,
    },
    beats: examples.realCount,
    leftOut,
    sharedRecords: table.records.filter((_, record) => recordParts[record].size > 1),
    partRecords: {
      train: recordsIn("train"),
      validation: recordsIn("validation"),
      test: recordsIn("test"),
    },
    caveats: preparationCaveats({ ...input, counts, recordParts }),
  };
}

function countClasses({ table, found, examples }: SummaryInput): ClassCounts[] {
  const count = (part: Part, from: number): number[] => {
    const byClass = table.labels.map(() => 0);
    for (const example of examples.parts[part]) if (example >= from) byClass[examples.classes[example]]++;
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

/** The parts that each record's beats stand in, as themselves or as parents of synthetic beats. */
function partsOfRecords(table: BeatTable, { parts: examples, realCount, recipe }: Examples): Set<Part>[] {
  const standsIn = table.records.map(() => new Set<Part>());
  for (const part of parts) {
    const seen = new Uint8Array(table.records.length);
    for (const example of examples[part]) {
      if (example < realCount) {
        seen[table.record[example]] = 1;
      } else {
        seen[table.record[recipe.base[example - realCount]]] = 1;
        seen[table.record[recipe.neighbour[example - realCount]]] = 1;
      }
    }
    seen.forEach((value, record) => value === 1 && standsIn[record].add(part));
  }
  return standsIn;
}
