/**
 * Protocols: who is trained on, who is tested on, and when the balancing happens.
 *
 * - `reference`: balance everything, then split it, stratified. What the study did; test beats are blends of training beats.
 * - `intra-patient`: split the real beats, stratified; balance the training set alone.
 * - `inter-patient`: whole patients in one set (MIT-BIH: DS1 and DS2 of de Chazal 2004); balance the training set alone.
 * - `cross-validation`: patients divided into folds, one of which is tested, the others trained and validated on; balance the training
 *   set alone. Over all folds every patient is tested once.
 *
 * Two stages, because the search for neighbours between them is the callers' to share out: {@link planProtocol} says what to
 * search, {@link buildExamples} takes what was found.
 */
import { EctopyError } from "../../contract/domain/errors.ts";
import { setNames, type SetName, type PreparationSettings } from "../../contract/domain/preparation.ts";
import { planBalancing, type BalancingPlan } from "./balancing.ts";
import type { BeatTable } from "./beat-table.ts";
import { DS2, isMitBih, patientsOf } from "./mitbih.ts";
import { drawRecipe, emptyRecipe, type SmoteRecipe } from "./smote.ts";
import { patientSplit, stratifiedSplit } from "./splits.ts";

export interface ProtocolPlan {
  /** SetName of each real beat; null where the split comes after the balancing (`reference`). */
  split: Uint8Array | null;
  /** Null where nothing is balanced. */
  balancing: BalancingPlan | null;
}

/** Examples are numbered: below `realCount` an example is that real beat, from there on a row of the recipe. */
export interface Examples {
  realCount: number;
  recipe: SmoteRecipe;
  /** Class of each example. */
  classes: Uint8Array;
  /** Examples of each set, ascending. A real beat over the cap is in none. */
  sets: Record<SetName, Uint32Array>;
}

const TRAIN = setNames.indexOf("train");
const TEST = setNames.indexOf("test");
const NO_PART = 255;

/**
 * Stage 1: the split of the real beats, and for which class which beats need neighbours.
 * @throws EctopyError `invalid-settings` where a set would be empty
 */
export function planProtocol(table: BeatTable, settings: PreparationSettings): ProtocolPlan {
  const split = splitRealBeats(table, settings);
  if (split !== null) refuseEmptyParts(gatherParts(split));
  if (settings.balancing === "none") return { split, balancing: null };
  const everyBeat = Uint32Array.from(table.classes, (_, row) => row);
  const balanced = split === null ? everyBeat : everyBeat.filter((row) => split[row] === TRAIN);
  return { split, balancing: planBalancing(table.classes, table.labels, balanced, settings) };
}

/**
 * Stage 2: the examples.
 * @param neighbours for each class of the plan's balancing what `findNeighbours` gave for its members and k; an empty
 *   array where k is 0
 * @throws EctopyError `invalid-settings` where a set would be empty
 */
export function buildExamples(
  table: BeatTable,
  settings: PreparationSettings,
  plan: ProtocolPlan,
  neighbours: readonly Int32Array[],
): Examples {
  const realCount = table.classes.length;
  const balanced = plan.balancing?.classes ?? [];
  const recipe = emptyRecipe(balanced.reduce((sum, { synthetic }) => sum + synthetic, 0));
  const classes = new Uint8Array(realCount + recipe.base.length);
  classes.set(table.classes);
  let row = 0;
  balanced.forEach((wants, i) => {
    drawRecipe({ ...wants, neighbours: neighbours[i] }, recipe, row, wants.synthetic, settings.seed);
    classes.fill(wants.class, realCount + row, realCount + row + wants.synthetic);
    row += wants.synthetic;
  });

  const partOf = new Uint8Array(classes.length).fill(TRAIN);
  if (plan.split !== null) partOf.set(plan.split);
  for (const beat of plan.balancing?.overCap ?? []) partOf[beat] = NO_PART;
  if (plan.split === null) splitBalanced(partOf, classes, table.labels, settings);
  const gathered = gatherParts(partOf);
  refuseEmptyParts(gathered);
  return { realCount, recipe, classes, sets: gathered };
}

function splitRealBeats(table: BeatTable, settings: PreparationSettings): Uint8Array | null {
  switch (settings.protocol) {
    case "reference":
      return null;
    case "intra-patient":
      return stratifiedSplit(table.classes, table.labels, settings.fractions, settings.seed);
    case "inter-patient":
    case "cross-validation": {
      const partOfRecord =
        settings.protocol === "inter-patient" ? splitRecords(table, settings) : splitFolds(table, settings);
      return Uint8Array.from(table.record, (record) => partOfRecord[record]);
    }
  }
}

/** Splits everything that has a set, real and synthetic alike, and writes each example's set. */
function splitBalanced(
  partOf: Uint8Array,
  classes: Uint8Array,
  labels: readonly string[],
  { fractions, seed }: PreparationSettings,
): void {
  const keptClasses = classes.filter((_, example) => partOf[example] !== NO_PART);
  const split = stratifiedSplit(keptClasses, labels, fractions, seed);
  let next = 0;
  for (let example = 0; example < partOf.length; example++) {
    if (partOf[example] !== NO_PART) partOf[example] = split[next++];
  }
}

/** Set of each record, patients kept whole: MIT-BIH's test set is DS2; elsewhere all three sets are searched for. */
function splitRecords(table: BeatTable, settings: PreparationSettings): Uint8Array {
  const [train, validation, test] = settings.fractions;
  const all = table.records.map((_, record) => record);
  const partOfRecord = new Uint8Array(all.length);
  if (!isMitBih(table.records)) {
    assignPatients(table, all, [train, validation, test], settings.seed, partOfRecord);
    return partOfRecord;
  }
  const isTest = (record: number): boolean => DS2.includes(table.records[record]);
  for (const record of all) if (isTest(record)) partOfRecord[record] = TEST;
  const training = all.filter((record) => !isTest(record));
  assignPatients(table, training, [train, validation], settings.seed, partOfRecord);
  return partOfRecord;
}

/** Set of each record: the patients of one fold are tested, the others divided into training and validation. */
function splitFolds(table: BeatTable, { fold, fractions: [train, validation], seed }: PreparationSettings): Uint8Array {
  if (fold === undefined) {
    throw new EctopyError(
      "invalid-settings",
      "It is not said which fold is to be tested.",
      "Choose a fold, such as 1 of 5.",
    );
  }
  const all = table.records.map((_, record) => record);
  const foldOfRecord = new Uint8Array(all.length);
  assignPatients(
    table,
    all,
    Array.from({ length: fold.of }, () => 1),
    seed,
    foldOfRecord,
  );
  const partOfRecord = new Uint8Array(all.length).fill(TEST);
  const rest = all.filter((record) => foldOfRecord[record] !== fold.number - 1);
  assignPatients(table, rest, [train, validation], seed, partOfRecord);
  return partOfRecord;
}

/** Splits the patients of some records, and writes each record's set. */
function assignPatients(
  table: BeatTable,
  records: number[],
  fractions: readonly number[],
  seed: number,
  partOfRecord: Uint8Array,
): void {
  const patients = patientsOf(records.map((record) => table.records[record]));
  const classes = table.labels.length;
  const counts = new Uint32Array(new Set(patients).size * classes);
  records.forEach((record, i) => {
    for (let row = table.recordStarts[record]; row < table.recordStarts[record + 1]; row++) {
      counts[patients[i] * classes + table.classes[row]]++;
    }
  });
  const split = patientSplit(counts, classes, fractions, seed);
  records.forEach((record, i) => (partOfRecord[record] = split[patients[i]]));
}

function gatherParts(partOf: Uint8Array): Record<SetName, Uint32Array> {
  const gather = (set: SetName): Uint32Array => {
    const number = setNames.indexOf(set);
    let count = 0;
    for (const value of partOf) if (value === number) count++;
    const examples = new Uint32Array(count);
    let next = 0;
    for (let example = 0; example < partOf.length; example++)
      if (partOf[example] === number) examples[next++] = example;
    return examples;
  };
  return { train: gather("train"), validation: gather("validation"), test: gather("test") };
}

function refuseEmptyParts(examples: Record<SetName, Uint32Array>): void {
  for (const set of setNames) {
    if (examples[set].length > 0) continue;
    throw new EctopyError(
      "invalid-settings",
      `No beats are left for the ${set === "train" ? "training" : set} set.`,
      "Use more records, other fractions, or another protocol.",
    );
  }
}
