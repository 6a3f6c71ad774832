/** Adds synthetic recordings to the training set of a preparation. */
import { syntheticFamilyTitles, type SyntheticFamily } from "../../contract/domain/recipe.ts";
import type { BeatTable } from "../beats/beat-table.ts";
import type { Examples } from "../beats/protocols.ts";

/** A synthetic recording, made of one of the table's. */
export interface SyntheticRecord {
  /** Number of the recording that it is made of. */
  source: number;
  family: SyntheticFamily;
  /** Number among those of its source, from 0. */
  number: number;
  /** Class label of each row. */
  labels: readonly string[];
}

/**
 * Returns examples for the summary: synthetic beats follow the real ones, as beats of the recording that they are made of.
 */
export function countSynthetic(table: BeatTable, examples: Examples, records: readonly SyntheticRecord[]): Examples {
  const classes = classesOf(table, records);
  const parents = Uint32Array.from(
    records.flatMap(({ source, labels }) => labels.map(() => table.recordStarts[source])),
  );
  const { realCount, sets } = examples;
  return {
    realCount,
    recipe: { base: parents, neighbour: parents, lambda: new Float32Array(parents.length) },
    classes: Uint8Array.from([...examples.classes, ...classes]),
    sets: { ...sets, train: withRows(sets.train, realCount, classes.length) },
  };
}

/**
 * Returns table and examples as they are stored: synthetic beats are rows of recordings that follow the others.
 * @param peaks R-peaks of each synthetic recording's rows
 */
export function addSynthetic(
  table: BeatTable,
  examples: Examples,
  records: readonly SyntheticRecord[],
  peaks: readonly Uint32Array[],
): { table: BeatTable; examples: Examples } {
  const classes = classesOf(table, records);
  const { sets, recipe } = examples;
  const real = table.classes.length;
  const positions = peaks.flatMap((own) => [...own]);
  const starts = [...table.recordStarts];
  for (const { labels } of records) starts.push(starts[starts.length - 1] + labels.length);
  const identities = records.map(({ source, family, number }) => ({
    ...table.identities[source],
    name: `${table.records[source]} synthetic ${number + 1}: ${syntheticFamilyTitles[family]}`,
    knownAs: null,
  }));
  const numbers = records.flatMap(({ labels }, i) => labels.map(() => table.records.length + i));
  const all = Uint8Array.from([...table.classes, ...classes]);
  return {
    table: {
      labels: table.labels,
      records: [...table.records, ...identities.map(({ name }) => name)],
      identities: [...table.identities, ...identities],
      recordStarts: Uint32Array.from(starts),
      record: Uint32Array.from([...table.record, ...numbers]),
      sample: Uint32Array.from([...table.sample, ...positions]),
      position: Uint32Array.from([...table.position, ...positions]),
      classes: all,
    },
    examples: {
      realCount: all.length,
      recipe,
      classes: all,
      sets: { ...sets, train: withRows(sets.train, real, classes.length) },
    },
  };
}

function classesOf({ labels }: BeatTable, records: readonly SyntheticRecord[]): number[] {
  const numberOf = new Map(labels.map((label, number) => [label, number]));
  return records.flatMap((record) => record.labels.map((label) => numberOf.get(label)!));
}

function withRows(train: Uint32Array, from: number, count: number): Uint32Array {
  const rows = new Uint32Array(train.length + count);
  rows.set(train);
  for (let i = 0; i < count; i++) rows[train.length + i] = from + i;
  return rows;
}
