/** Computes a preparation with an input recipe: beats with channels and features, synthetic recordings, weights and scaling. */
import type { GivenLabels } from "../../contract/domain/label-choice.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import {
  setNames,
  windowLengthOf,
  type PreparationInputs,
  type PreparationSettings,
  type PreparationSummary,
} from "../../contract/domain/preparation.ts";
import { channelsOf, featureNames, sequenceOf, type InputRecipe } from "../../contract/domain/recipe.ts";
import type { BeatTable } from "../../pipeline/beats/beat-table.ts";
import type { PreparedInputs } from "../../pipeline/beats/preparation-format.ts";
import { buildExamples, planProtocol, type Examples, type ProtocolPlan } from "../../pipeline/beats/protocols.ts";
import { summarise, type SummaryInput } from "../../pipeline/beats/summary.ts";
import { addSynthetic, countSynthetic, type SyntheticRecord } from "../../pipeline/recipe/add-synthetic.ts";
import { fitScaling, scaleFeatures } from "../../pipeline/recipe/feature-scaling.ts";
import { familiesOf, planSynthetic } from "../../pipeline/recipe/synthetic-recordings.ts";
import { trainingWeights } from "../../pipeline/recipe/training-weights.ts";
import type { BeatPool, ReadRecord, RecipeBeats } from "./beat-tasks.ts";
import type { BeatInputs, SyntheticInputs } from "./recipe-inputs.ts";
import { counter, throwIfCancelled } from "./task-progress.ts";

/** Settings of a preparation with an input recipe. */
type RecipeSettings = PreparationSettings & { recipe: InputRecipe };

/** Annotations of a recording: those of an annotation set, else those of a file. */
export interface AnnotationOrder {
  /** Suffix of the annotation file; absent: `atr`. */
  annotator?: string | undefined;
  given?: GivenLabels | undefined;
}

export interface RecipeOrder {
  folder: string;
  /** Where the annotations of each recording are. */
  annotated: ReadonlyMap<string, AnnotationOrder>;
  settings: RecipeSettings;
  progress: ReportProgress;
  signal: AbortSignal;
}

interface PreparedByRecipe {
  table: BeatTable;
  values: Float32Array;
  inputs: PreparedInputs;
  examples: Examples;
  summary: PreparationSummary;
}

const TRAIN = setNames.indexOf("train");
/** Symbol of aberrated atrial beats: their shape is that of ventricular ones. */
const ABERRATED = "a";
/** Class that no beat is trained on: paced and unclassifiable beats have no common shape. */
const UNTRAINED_LABEL = "Q";

/** Computes a preparation. @param records as `readBeats` read them, with their inputs */
export async function prepareByRecipe(
  pool: BeatPool,
  records: readonly ReadRecord[],
  input: Omit<SummaryInput, "plan" | "examples">,
  order: RecipeOrder,
): Promise<PreparedByRecipe> {
  const { settings } = order;
  const { table } = input;
  const plan = planProtocol(table, settings);
  const examples = buildExamples(table, settings, plan, []);
  const made = await makeSynthetic(pool, table, plan, order);
  const synthetic = made.flatMap(({ source, recordings }) => {
    const families = familiesOf(recipeOf(records[source]).source);
    return recordings.map((recording, number) => ({ source, number, family: families[number], ...recording }));
  });
  const kept = synthetic.map((record) => ({ ...record, rows: rowsWithClass(record.labels, table) }));
  const shown = kept.map((record): SyntheticRecord => ({
    ...record,
    labels: record.rows.map((row) => record.labels[row]),
  }));
  const stored = addSynthetic(
    table,
    examples,
    shown,
    kept.map(({ rows, peaks }) => Uint32Array.from(rows, (row) => peaks[row])),
  );

  const real = records.map((record) => ({ inputs: inputsOf(record), rows: rowsWithClass(record.beats.labels, table) }));
  const pieces = [...real, ...kept.map((record) => ({ inputs: record, rows: record.rows }))];
  const width = featureNames(settings.recipe).length;
  const values = gather(
    pieces.map(({ inputs, rows }) => ({ values: inputs.values, rows })),
    windowLengthOf(settings) * channelsOf(settings.recipe),
  );
  const featureValues = gather(
    pieces.map(({ inputs, rows }) => ({ values: inputs.features, rows })),
    width,
  );
  const features = { values: featureValues, width };
  const scaling = fitScaling(features, examples.sets.train);
  scaleFeatures(features, scaling);

  const symbols = real.flatMap(({ rows }, record) => rows.map((row) => recipeOf(records[record]).symbols[row]));
  const weights = trainingWeights({
    classes: stored.table.classes,
    record: stored.table.record,
    train: stored.examples.sets.train,
    isLeftOut: (row) => symbols[row] === ABERRATED && table.labels[table.classes[row]] !== ABERRATED,
    leftOutClasses: new Set([table.labels.indexOf(UNTRAINED_LABEL)]),
    syntheticFrom: table.classes.length,
  });
  const offered = { ...inputsOfRecipe(settings.recipe), featureScaling: scaling };
  const summary = {
    ...summarise({ ...input, plan, examples: countSynthetic(table, examples, shown) }),
    inputs: offered,
  };
  return { ...stored, values, inputs: { ...offered, featureValues, weights }, summary };
}

/** Returns the summary that {@link prepareByRecipe} would give. @param records as `readBeats` counted them */
export function countByRecipe(
  records: readonly ReadRecord[],
  input: Omit<SummaryInput, "plan" | "examples">,
  settings: RecipeSettings,
): PreparationSummary {
  const { table } = input;
  const plan = planProtocol(table, settings);
  const examples = buildExamples(table, settings, plan, []);
  const synthetic = trainingRecords(table, plan, settings).flatMap((source) => {
    const beats = recipeOf(records[source]).source;
    return familiesOf(beats).map((family, number): SyntheticRecord => {
      const { labels } = planSynthetic(beats, { seed: settings.seed, name: records[source].name, number });
      const classed = labels.filter((label) => label !== undefined);
      return { source, family, number, labels: classed.filter((label) => table.labels.includes(label)) };
    });
  });
  const summary = summarise({ ...input, plan, examples: countSynthetic(table, examples, synthetic) });
  return { ...summary, inputs: inputsOfRecipe(settings.recipe) };
}

/** Returns the inputs that a recipe offers networks. */
function inputsOfRecipe(recipe: InputRecipe): PreparationInputs {
  const channels = channelsOf(recipe);
  return {
    ...(channels === 1 ? {} : { channels }),
    features: featureNames(recipe),
    sequence: sequenceOf(recipe),
  };
}

/** Returns the recordings that synthetic ones are made of: those whose beats are all in the training set. */
function trainingRecords(
  { records, recordStarts }: BeatTable,
  { split }: ProtocolPlan,
  { recipe }: RecipeSettings,
): number[] {
  if (!recipe.synthetic || split === null) return [];
  return [...records.keys()].filter((record) => {
    const own = split.subarray(recordStarts[record], recordStarts[record + 1]);
    return own.length > 0 && own.every((set) => set === TRAIN);
  });
}

async function makeSynthetic(
  pool: BeatPool,
  table: BeatTable,
  plan: ProtocolPlan,
  { folder, annotated, settings, progress, signal }: RecipeOrder,
): Promise<{ source: number; recordings: SyntheticInputs[] }[]> {
  const sources = trainingRecords(table, plan, settings);
  const count = counter(progress, { stage: "Making synthetic recordings", total: sources.length, unit: "recordings" });
  return Promise.all(
    sources.map(async (source) => {
      const name = table.records[source];
      const order = { folder, name, ...annotated.get(name), settings, seed: settings.seed };
      const recordings = await pool.run("makeSynthetic", order, { dropSignal: signal });
      throwIfCancelled(signal);
      count(1);
      return { source, recordings };
    }),
  );
}

/** Returns the rows of a recording whose class the table has. */
function rowsWithClass(labels: readonly string[], table: BeatTable): number[] {
  return [...labels.keys()].filter((row) => table.labels.includes(labels[row]));
}

/** Joins rows of several tables into one. @param width values of a row */
function gather(tables: readonly { values: Float32Array; rows: readonly number[] }[], width: number): Float32Array {
  const out = new Float32Array(tables.reduce((sum, { rows }) => sum + rows.length, 0) * width);
  let at = 0;
  for (const { values, rows } of tables) {
    for (const row of rows) {
      out.set(values.subarray(row * width, (row + 1) * width), at);
      at += width;
    }
  }
  return out;
}

function recipeOf({ name, recipe }: ReadRecord): RecipeBeats {
  if (recipe === null) throw new Error(`Recording ${name} was read without the input recipe.`);
  return recipe;
}

function inputsOf(record: ReadRecord): BeatInputs {
  const { inputs } = recipeOf(record);
  if (inputs === null) throw new Error(`The beats of recording ${record.name} were counted alone.`);
  return inputs;
}
