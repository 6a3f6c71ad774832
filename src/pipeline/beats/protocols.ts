/**
 * Evaluation protocols: how beats are split into sets, and whether balancing precedes the split.
 *
 * - `reference`: balance all beats, then split them, stratified. This is the reference study's order; its test set
 * contains SMOTE
 *   interpolations of training beats.
 * - `intra-patient`: split the real beats, stratified; balance only the training set.
 * - `inter-patient`: each patient in one set (MIT-BIH: DS1 and DS2 of de Chazal 2004); balance only the training set.
 * - `custom-split`: the recordings of test and validation set are named; each patient in one set; balance only the
 *   training set.
 * - `cross-validation`: patients in folds, one of which is the test set, the others training and validation set;
 * balance only the
 *   training set. Over all folds, every patient is tested once.
 * - `external-test`: another dataset is the test set; the patients of the first one are divided into training and
 *   validation set. Balance only the training set.
 * - `given-test-set`: tables of beats that were given as test set; the other tables are split into training and
 *   validation set, stratified. Balance only the training set.
 *
 * There are two stages, because callers distribute the search for neighbours between them over threads:
 * {@link planProtocol} lists the searches, {@link buildExamples} uses their results.
 */
import { EctopyError } from "../../contract/domain/errors.ts";
import { setNames, type SetName, type PreparationSettings } from "../../contract/domain/preparation.ts";
import { planBalancing, type BalancingPlan } from "./balancing.ts";
import type { BeatTable } from "./beat-table.ts";
import { DS2, isMitBih, mitBihNumber } from "./mitbih.ts";
import { patientsOf } from "./patients.ts";
import { drawRecipe, emptyRecipe, type SmoteRecipe } from "./smote.ts";
import { patientSplit, stratifiedSplit } from "./splits.ts";

export interface ProtocolPlan {
  /** Set number of each real beat; null where balancing precedes the split (`reference`). */
  split: Uint8Array | null;
  /** Null without balancing. */
  balancing: BalancingPlan | null;
}

/** Examples: numbers below `realCount` are real beats, the following ones are rows of the recipe. */
export interface Examples {
  realCount: number;
  recipe: SmoteRecipe;
  /** Class of each example. */
  classes: Uint8Array;
  /** Examples of each set, ascending. Real beats excluded by the cap are in no set. */
  sets: Record<SetName, Uint32Array>;
}

const TRAIN = setNames.indexOf("train");
const VALIDATION = setNames.indexOf("validation");
const TEST = setNames.indexOf("test");
const NO_SET = 255;

/**
 * Stage 1: splits the real beats, and lists the beats of each class that need neighbours.
 * @throws EctopyError `invalid-settings` where a set would be empty
 */
export function planProtocol(table: BeatTable, settings: PreparationSettings): ProtocolPlan {
  const split = splitRealBeats(table, settings);
  if (split !== null) refuseEmptySets(gatherSets(split));
  if (settings.balancing === "none") return { split, balancing: null };
  const everyBeat = Uint32Array.from(table.classes, (_, row) => row);
  const balanced = split === null ? everyBeat : everyBeat.filter((row) => split[row] === TRAIN);
  return { split, balancing: planBalancing(table.classes, table.labels, balanced, settings) };
}

/**
 * Stage 2: builds the examples.
 * @param neighbours result of `findNeighbours` for members and k of each class of the balancing plan; an empty array
 * where k is 0
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
  balanced.forEach((plan, i) => {
    drawRecipe({ ...plan, neighbours: neighbours[i] }, recipe, { from: row, count: plan.synthetic }, settings.seed);
    classes.fill(plan.class, realCount + row, realCount + row + plan.synthetic);
    row += plan.synthetic;
  });

  const setOf = new Uint8Array(classes.length).fill(TRAIN);
  if (plan.split !== null) setOf.set(plan.split);
  for (const beat of plan.balancing?.overCap ?? []) setOf[beat] = NO_SET;
  if (plan.split === null) splitBalanced(setOf, classes, table.labels, settings);
  const gathered = gatherSets(setOf);
  refuseEmptySets(gathered);
  return { realCount, recipe, classes, sets: gathered };
}

function splitRealBeats(table: BeatTable, settings: PreparationSettings): Uint8Array | null {
  switch (settings.protocol) {
    case "reference":
      return null;
    case "intra-patient":
      return stratifiedSplit(table.classes, table.labels, settings.fractions, settings.seed);
    case "given-test-set":
      return splitTables(table, settings);
    case "patient-specific":
      throw new RangeError("A patient-specific preparation is divided by patient-split.ts.");
    case "inter-patient":
    case "custom-split":
    case "external-test":
    case "cross-validation": {
      const setOfRecord = recordSplits[settings.protocol](table, settings);
      return Uint8Array.from(table.record, (record) => setOfRecord[record]);
    }
  }
}

/** Returns the set of each beat: the given tables are the test set, the beats of the others are split at random. */
function splitTables(table: BeatTable, { testTables = [], fractions, seed }: PreparationSettings): Uint8Array {
  const [train, validation] = fractions;
  const isTest = table.records.map((name) => testTables.includes(name));
  const setOf = new Uint8Array(table.classes.length).fill(TEST);
  const rest = [...setOf.keys()].filter((row) => !isTest[table.record[row]]);
  const classes = Uint8Array.from(rest, (row) => table.classes[row]);
  const split = stratifiedSplit(classes, table.labels, [train, validation, 0], seed);
  rest.forEach((row, i) => (setOf[row] = split[i]));
  return setOf;
}

/** Splits all examples that have a set, real and synthetic ones, and writes the set of each. */
function splitBalanced(
  setOf: Uint8Array,
  classes: Uint8Array,
  labels: readonly string[],
  { fractions, seed }: PreparationSettings,
): void {
  const keptClasses = classes.filter((_, example) => setOf[example] !== NO_SET);
  const split = stratifiedSplit(keptClasses, labels, fractions, seed);
  let next = 0;
  for (let example = 0; example < setOf.length; example++) {
    if (setOf[example] !== NO_SET) setOf[example] = split[next++];
  }
}

/**
 * Returns the set of each recording, with each patient in one set. MIT-BIH's test set is DS2; other data are divided by
 * search.
 */
function splitRecords(table: BeatTable, settings: PreparationSettings): Uint8Array {
  const [train, validation, test] = settings.fractions;
  const all = table.records.map((_, record) => record);
  const setOfRecord = new Uint8Array(all.length);
  if (!isMitBih(table.identities)) {
    assignPatients(table, all, { fractions: [train, validation, test], seed: settings.seed }, setOfRecord);
    return setOfRecord;
  }
  const isTest = (record: number): boolean => DS2.includes(mitBihNumber(table.identities[record]) ?? "");
  for (const record of all) if (isTest(record)) setOfRecord[record] = TEST;
  const training = all.filter((record) => !isTest(record));
  assignPatients(table, training, { fractions: [train, validation], seed: settings.seed }, setOfRecord);
  return setOfRecord;
}

/**
 * Returns the set of each recording: the test fold's patients, and the others divided into training and validation set.
 */
function splitFolds(table: BeatTable, { fold, fractions: [train, validation], seed }: PreparationSettings): Uint8Array {
  if (fold === undefined) {
    throw new EctopyError("invalid-settings", "Cross-validation needs a test fold.", "Choose a fold, such as 1 of 5.");
  }
  const all = table.records.map((_, record) => record);
  const foldOfRecord = new Uint8Array(all.length);
  assignPatients(table, all, { fractions: Array.from({ length: fold.of }, () => 1), seed }, foldOfRecord);
  const setOfRecord = new Uint8Array(all.length).fill(TEST);
  const rest = all.filter((record) => foldOfRecord[record] !== fold.number - 1);
  assignPatients(table, rest, { fractions: [train, validation], seed }, setOfRecord);
  return setOfRecord;
}

/**
 * Returns the set of each recording of a custom split. Validation recordings that are not named are drawn from the training
 * patients.
 * @throws EctopyError `invalid-settings` where a patient would be in two sets
 */
function splitAssigned(
  table: BeatTable,
  { assigned, fractions: [train, validation], seed }: PreparationSettings,
): Uint8Array {
  if (assigned === undefined || assigned.test.length === 0) {
    throw new EctopyError(
      "invalid-settings",
      "A custom split needs test recordings.",
      "Assign at least one patient to the test set.",
    );
  }
  const all = table.records.map((_, record) => record);
  const [isTest, isValidation] = [new Set(assigned.test), new Set(assigned.validation)];
  const setOfRecord = Uint8Array.from(table.records, (name) =>
    isTest.has(name) ? TEST : isValidation.has(name) ? VALIDATION : TRAIN,
  );
  refuseDividedPatients(table, setOfRecord, isTest.intersection(isValidation));
  if (isValidation.size === 0) {
    const training = all.filter((record) => setOfRecord[record] === TRAIN);
    assignPatients(table, training, { fractions: [train, validation], seed }, setOfRecord);
  }
  return setOfRecord;
}

function refuseDividedPatients(table: BeatTable, setOfRecord: Uint8Array, twice: ReadonlySet<string>): void {
  const [named] = twice;
  if (named !== undefined) {
    throw new EctopyError(
      "invalid-settings",
      `Recording ${named} is in validation and test set.`,
      "Put it in one of them.",
    );
  }
  const patients = patientsOf(table.identities);
  const ofPatient = Map.groupBy(patients.keys(), (record) => patients[record]);
  for (const records of ofPatient.values()) {
    if (new Set(records.map((record) => setOfRecord[record])).size < 2) continue;
    const names = records.map((record) => table.records[record]).join(", ");
    throw new EctopyError(
      "invalid-settings",
      `Recordings ${names} are of one patient, in several sets.`,
      "Put them in one set.",
    );
  }
}

/** Returns the set of each recording: those of the other dataset are the test set, the patients of the others are divided. */
function splitExternal(table: BeatTable, { fractions: [train, validation], seed }: PreparationSettings): Uint8Array {
  const setOfRecord = Uint8Array.from(table.identities, ({ external }) => (external === true ? TEST : TRAIN));
  const training = table.records.map((_, record) => record).filter((record) => setOfRecord[record] === TRAIN);
  assignPatients(table, training, { fractions: [train, validation], seed }, setOfRecord);
  return setOfRecord;
}

const recordSplits = {
  "inter-patient": splitRecords,
  "custom-split": splitAssigned,
  "external-test": splitExternal,
  "cross-validation": splitFolds,
} as const;

/** Splits the patients of some recordings, and writes the set of each recording. */
function assignPatients(
  table: BeatTable,
  records: number[],
  { fractions, seed }: { fractions: readonly number[]; seed: number },
  setOfRecord: Uint8Array,
): void {
  const patients = patientsOf(records.map((record) => table.identities[record]));
  const classes = table.labels.length;
  const counts = new Uint32Array(new Set(patients).size * classes);
  records.forEach((record, i) => {
    for (let row = table.recordStarts[record]; row < table.recordStarts[record + 1]; row++) {
      counts[patients[i] * classes + table.classes[row]]++;
    }
  });
  const split = patientSplit(counts, classes, fractions, seed);
  records.forEach((record, i) => (setOfRecord[record] = split[patients[i]]));
}

function gatherSets(setOf: Uint8Array): Record<SetName, Uint32Array> {
  const gather = (set: SetName): Uint32Array => {
    const number = setNames.indexOf(set);
    let count = 0;
    for (const value of setOf) if (value === number) count++;
    const examples = new Uint32Array(count);
    let next = 0;
    for (let example = 0; example < setOf.length; example++) if (setOf[example] === number) examples[next++] = example;
    return examples;
  };
  return { train: gather("train"), validation: gather("validation"), test: gather("test") };
}

function refuseEmptySets(examples: Record<SetName, Uint32Array>): void {
  for (const set of setNames) {
    if (examples[set].length > 0) continue;
    throw new EctopyError(
      "invalid-settings",
      `No beats are left for the ${set === "train" ? "training" : set} set.`,
      "Use more recordings, other split shares, or another protocol.",
    );
  }
}
