/**
 * Trains _Rhythm and shape_ on folds of DS1's patients, with parts of its recipe left out. No recording of DS2 is read.
 *
 *   node bench/inter-patient/ablation.ts DATASET_FOLDER CACHE_FOLDER [--variant NAME]... [--seeds 3] [--first-seed 42]
 *
 * `--beat-alone` varies the network without the branch over neighbouring beats, which trains in a twentieth of the time.
 *
 * The dataset is a folder of a workspace, such as `~/Ectopy/datasets/1`. Each fold is built as `ectopy prepare --protocol
 * cross-validation` builds it, but has no validation set: scaling and weights are fitted to its training patients, and the last
 * epoch is kept. Prints one JSON line for each variant and seed: sensitivity, PPV and F1 in percent over all folds, and the
 * confusion matrix of each recording.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import type { LayerSpec } from "../../src/contract/domain/networks.ts";
import {
  featureDefinitions,
  featureNames,
  RECIPE_VERSION,
  sequenceOf,
  type FeatureGroup,
  type InputRecipe,
} from "../../src/contract/domain/recipe.ts";
import type { TrainingSettings } from "../../src/contract/domain/training.ts";
import { defaultTraining } from "../../src/contract/settings/defaults.ts";
import { networkOf } from "../../src/contract/settings/network-presets.ts";
import { createTraining } from "../../src/engine/training/create-training.ts";
import { loadProcessor } from "../../src/engine/training/load-engine.ts";
import type { LoadedPreparation } from "../../src/engine/training/preparation-files.ts";
import { batchSizes, train } from "../../src/engine/training/train.ts";
import { DS1 } from "../../src/pipeline/beats/mitbih.ts";
import { patientSplit } from "../../src/pipeline/beats/splits.ts";
import { fitScaling, scaleFeatures } from "../../src/pipeline/recipe/feature-scaling.ts";
import { trainingWeights } from "../../src/pipeline/recipe/training-weights.ts";
import { featuresOf, type FeatureRecording } from "./recordings.ts";

const LABELS = ["N", "S", "V", "F", "Q"];
const FOLDS = 5;
const PREPARATION_SEED = 42;
/** Training and validation set of a preparation. */
const VALIDATION_SHARES = [0.7, 0.1];

/** Beats of all folds, and which are those of training. */
interface Beats {
  recordings: readonly FeatureRecording[];
  names: string[];
  features: { values: Float32Array; width: number };
  classes: Uint8Array;
  record: Uint32Array;
  isAberrated: boolean[];
}

interface Variant {
  recipe?: Partial<InputRecipe>;
  settings?: (settings: TrainingSettings) => TrainingSettings;
  /** Whether a feature is kept. */
  keeps?: (group: FeatureGroup) => boolean;
  /** Whether a synthetic recording is kept. */
  keepsFamily?: (family: string) => boolean;
  weights?: "classes" | "none";
  /** Aberrated beats are trained on. */
  aberrated?: true;
  /** Some training patients are the validation set, as in a preparation. */
  validated?: true;
}

const without = (...left: FeatureGroup[]): Variant => ({ keeps: (group) => !left.includes(group) });
const layers = (change: (layers: LayerSpec[]) => LayerSpec[]): Variant => ({
  settings: (settings) => ({
    ...settings,
    network: { name: "Variant", layers: change(structuredClone(networkOf(settings.network).layers)) },
  }),
});
const BEAT_BRANCH = new Set(["beat-noise", "beat", "beat-norm", "beat-relu", "beat-dropout"]);

const beatAlone = layers((all) => all.filter(({ id }) => BEAT_BRANCH.has(id)));

/** The recipe, and what it is without each of its parts. */
const variants: Readonly<Record<string, Variant>> = {
  recipe: {},
  "no-rr": without("rr"),
  "no-irregularity": without("irregularity"),
  "no-qrs-t": without("qrs-t"),
  "no-p-wave": without("p-wave"),
  "no-neighbours": without("neighbours"),
  "no-windows": without("windows"),
  "no-synthetic": { keepsFamily: () => false },
  "no-early-beats": { keepsFamily: (family) => family !== "early-beats" },
  "no-fibrillation": { keepsFamily: (family) => family !== "fibrillation" },
  "no-sinus-arrhythmia": { keepsFamily: (family) => family !== "sinus-arrhythmia" },
  "classes-weighted-alone": { weights: "classes" },
  "no-weights": { weights: "none" },
  "with-aberrated": { aberrated: true },
  validated: { validated: true },
  "no-noise": layers((all) => all.map((each) => (each.kind === "gaussian-noise" ? { ...each, deviation: 0 } : each))),
  "no-dropout": layers((all) => all.map((each) => (each.kind === "dropout" ? { ...each, rate: 0 } : each))),
  "beat-alone": beatAlone,
  "sequence-alone": layers((all) => all.filter(({ id }) => !BEAT_BRANCH.has(id) && id !== "join")),
  "one-lead": { recipe: { leads: 1 } },
  causal: { recipe: { variant: "causal" } },
  "causal-one-lead": { recipe: { variant: "causal", leads: 1 } },
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "3" },
    "first-seed": { type: "string", default: "42" },
    variant: { type: "string", multiple: true, default: Object.keys(variants) },
    epochs: { type: "string" },
    batch: { type: "string" },
    "learning-rate": { type: "string" },
    tag: { type: "string" },
    "beat-alone": { type: "boolean", default: false },
  },
});
const [dataset, cache] = positionals;
const isKnown = options.variant.every((name) => Object.hasOwn(variants, name));
if (dataset === undefined || cache === undefined || !isKnown) {
  console.error(`usage: node bench/inter-patient/ablation.ts DATASET_FOLDER CACHE_FOLDER [--variant NAME]... [--seeds 3]
variants: ${Object.keys(variants).join(", ")}`);
  process.exit(2);
}
const whole = z.coerce.number().int().min(1);
const [seeds, firstSeed] = [options.seeds, options["first-seed"]].map((text) => whole.parse(text));

for (const name of options.variant) {
  const variant = variants[name];
  const recipe: InputRecipe = {
    ...{ version: RECIPE_VERSION, variant: "full", leads: 2, channels: ["beat"], synthetic: true },
    ...variant.recipe,
  };
  const file = join(cache, `${recipe.variant}-${recipe.leads}.features`);
  const beats = beatsOf(featuresOf(dataset, DS1, recipe, { seed: PREPARATION_SEED, cache: file }), recipe, variant);
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const began = performance.now();
    const byRecord: Record<string, number[][]> = {};
    for (const fold of divided(
      beats.recordings,
      Array.from({ length: FOLDS }, () => 1),
    ))
      Object.assign(byRecord, await trainFold(beats, fold, { variant, recipe, seed }));
    const metrics = Object.fromEntries(
      ["S", "V", "F"].map((label) => [label, metricsOf(Object.values(byRecord), LABELS.indexOf(label))]),
    );
    const seconds = Math.round((performance.now() - began) / 1000);
    const { tag } = options;
    console.log(JSON.stringify({ name, ...(tag === undefined ? {} : { tag }), seed, seconds, ...metrics, byRecord }));
  }
}

function beatsOf(all: readonly FeatureRecording[], recipe: InputRecipe, { keeps, keepsFamily }: Variant): Beats {
  const kept = all.filter(({ family }) => family === null || keepsFamily?.(family) !== false);
  // Synthetic recordings follow the real ones, as in a preparation.
  const recordings = [true, false].flatMap((isReal) => kept.filter(({ source }) => (source === null) === isReal));
  const definitions = featureDefinitions(recipe);
  const columns = [...definitions.keys()].filter((column) => keeps?.(definitions[column].group) !== false);
  const width = featureNames(recipe).length;
  const labels = recordings.flatMap((recording) => recording.labels);
  const values = new Float32Array(labels.length * columns.length);
  let at = 0;
  for (const { features } of recordings) {
    for (let row = 0; row < features.length; row += width) {
      for (const column of columns) values[at++] = features[row + column];
    }
  }
  return {
    recordings,
    names: recordings.map(({ name }) => name),
    features: { values, width: columns.length },
    classes: Uint8Array.from(labels, (label) => LABELS.indexOf(label)),
    record: Uint32Array.from(recordings.flatMap((recording, number) => recording.labels.map(() => number))),
    isAberrated: recordings.flatMap(({ isAberrated }) => isAberrated),
  };
}

/** Divides real recordings by patient, as `ectopy prepare` does. DS1 has no patient twice. */
function divided(recordings: readonly FeatureRecording[], shares: readonly number[]): Set<string>[] {
  const real = recordings.filter(({ source }) => source === null);
  const counts = new Uint32Array(real.length * LABELS.length);
  for (const [number, { labels }] of real.entries()) {
    for (const label of labels) counts[number * LABELS.length + LABELS.indexOf(label)]++;
  }
  const split = patientSplit(counts, LABELS.length, shares, PREPARATION_SEED);
  return shares.map((_, part) => new Set(real.filter((_, i) => split[i] === part).map(({ name }) => name)));
}

interface FoldTraining {
  variant: Variant;
  recipe: InputRecipe;
  seed: number;
}

/** Trains on all recordings but those of the fold, and returns the confusion matrix of each of these. */
async function trainFold(
  beats: Beats,
  fold: ReadonlySet<string>,
  { variant, recipe, seed }: FoldTraining,
): Promise<Record<string, number[][]>> {
  const { recordings, record, classes } = beats;
  const isTest = recordings.map(({ name, source }) => fold.has(source ?? name));
  const isReal = recordings.map(({ source }) => source === null);
  const rows = Uint32Array.from(record.keys());
  const rest = recordings.filter(({ name }) => !fold.has(name));
  const left = variant.validated === true ? divided(rest, VALIDATION_SHARES)[1] : new Set<string>();
  const isLearnt = recordings.map(({ name, source }, number) => !isTest[number] && !left.has(source ?? name));
  const learnt = rows.filter((row) => isLearnt[record[row]]);
  const syntheticFrom = rows.find((row) => !isReal[record[row]]) ?? rows.length;
  const features = { width: beats.features.width, values: beats.features.values.slice() };
  scaleFeatures(
    features,
    fitScaling(
      features,
      learnt.filter((row) => row < syntheticFrom),
    ),
  );
  const test = rows.filter((row) => row < syntheticFrom && isTest[record[row]]);
  const preparation: LoadedPreparation = {
    labels: LABELS,
    featureNames: [],
    shape: { windowLength: 1, classes: LABELS.length, features: features.width, steps: 17 },
    source: {
      length: 1,
      realCount: classes.length,
      values: new Float32Array(classes.length),
      classes,
      recipe: { base: new Uint32Array(0), neighbour: new Uint32Array(0), lambda: new Float32Array(0) },
      features: { values: features.values, count: features.width },
      sequence: { ...sequenceOf(recipe), records: record },
      weights: weightsOf(beats, { learnt, syntheticFrom }, variant),
    },
    // Nothing is chosen by validation: a few test beats stand in for the set that the loop needs.
    sets: { train: learnt, validation: test.slice(0, 1), test },
  };
  const given: TrainingSettings = {
    ...defaultTraining("rhythm-and-shape"),
    seed,
    ...(options.epochs === undefined ? {} : { epochs: whole.parse(options.epochs) }),
    ...(options.batch === undefined ? {} : { batch: whole.parse(options.batch) }),
    ...(options["learning-rate"] === undefined ? {} : { learningRate: Number(options["learning-rate"]) }),
  };
  const base = options["beat-alone"] ? beatAlone.settings!(given) : given;
  const settings = variant.settings?.(base) ?? base;
  const training = createTraining(
    { backend: loadProcessor() },
    {
      network: settings.network,
      shape: preparation.shape,
      batches: batchSizes(learnt.length, settings),
      optimizer: settings.optimizer,
      clipping: settings.clipping,
      seed,
    },
  );
  const { predictions } = await train(training, preparation, settings, {
    onProgress: () => {},
    onEvaluating: () => {},
    onEpoch: () => {},
    signal: new AbortController().signal,
  });
  training.step.dispose();
  training.network.dispose();
  const matrices: Record<string, number[][]> = {};
  for (const [i, row] of test.entries()) {
    const matrix = (matrices[beats.names[record[row]]] ??= LABELS.map(() => LABELS.map(() => 0)));
    const scores = predictions.probabilities.subarray(i * LABELS.length, (i + 1) * LABELS.length);
    matrix[classes[row]][scores.indexOf(Math.max(...scores))]++;
  }
  return matrices;
}

function weightsOf(
  { classes, record, isAberrated }: Beats,
  { learnt, syntheticFrom }: { learnt: Uint32Array; syntheticFrom: number },
  { weights, aberrated }: Variant,
): Float32Array {
  const untrained = LABELS.indexOf("Q");
  const isLeftOut = (row: number): boolean => aberrated !== true && isAberrated[row];
  if (weights === "none") {
    return Float32Array.from(classes, (number, row) => Number(number !== untrained && !isLeftOut(row)));
  }
  return trainingWeights({
    classes,
    record: weights === "classes" ? new Uint32Array(record.length) : record,
    train: learnt,
    isLeftOut,
    leftOutClasses: new Set([untrained]),
    syntheticFrom,
  });
}

/** Returns sensitivity, PPV and F1 in percent over all recordings. */
function metricsOf(matrices: readonly number[][][], number: number): number[] {
  const sum = (of: (matrix: number[][]) => number): number => matrices.reduce((total, matrix) => total + of(matrix), 0);
  const hits = sum((matrix) => matrix[number][number]);
  const actual = sum((matrix) => matrix[number].reduce((a, b) => a + b, 0));
  const predicted = sum((matrix) => matrix.reduce((total, row) => total + row[number], 0));
  return [hits / actual, hits / predicted, (2 * hits) / (actual + predicted)].map((value) =>
    Number((100 * value).toFixed(2)),
  );
}
