/** Features of recordings and of the synthetic ones that are made of them, before a split: all folds are built from them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import type { InputRecipe } from "../../src/contract/domain/recipe.ts";
import { presetPreparation } from "../../src/contract/settings/defaults.ts";
import { readForRecipe, recordingInputs, syntheticInputs } from "../../src/main/workers/recipe-inputs.ts";
import { loadStoredRecord } from "../../src/main/workers/stored-record.ts";
import { familiesOf } from "../../src/pipeline/recipe/synthetic-recordings.ts";

export interface FeatureRecording {
  name: string;
  /** Name of the recording that a synthetic one is made of; null: a real recording. */
  source: string | null;
  /** Family of a synthetic recording. */
  family: string | null;
  /** Class label of each beat. */
  labels: string[];
  isAberrated: boolean[];
  /** Features before scaling, a row for each beat. */
  features: Float32Array;
}

/** MIT-BIH's leads that the recipe prefers, as `ectopy prepare` chooses them. */
const LEADS = ["MLII", "V5"];

/**
 * Computes the features.
 * @param folder of the dataset in a workspace
 * @param cache file that keeps the result
 */
export function featuresOf(
  folder: string,
  names: readonly string[],
  recipe: InputRecipe,
  { seed, cache }: { seed: number; cache: string },
): FeatureRecording[] {
  if (existsSync(cache)) return deserialize(readFileSync(cache)) as FeatureRecording[];
  const settings = { ...presetPreparation("rhythm-and-shape", "inter-patient"), leads: LEADS, recipe };
  const all = names.flatMap((name): FeatureRecording[] => {
    const read = readForRecipe(loadStoredRecord(folder, name), settings);
    if (read === null) throw new Error(`Recording ${name} lacks a lead.`);
    const families = familiesOf(read.beats);
    const real = {
      ...{ name, source: null, family: null, labels: read.selected.labels },
      isAberrated: read.rows.map((beat) => read.beats.symbols[beat] === "a"),
      features: copyOf(recordingInputs(read, recipe).features),
    };
    const made = recipe.synthetic ? syntheticInputs(read, recipe, { name, seed }) : [];
    return [
      real,
      ...made.map(({ labels, features }, number) => ({
        name: `${name} synthetic ${number + 1}`,
        ...{ source: name, family: families[number], labels },
        isAberrated: labels.map(() => false),
        features: copyOf(features),
      })),
    ];
  });
  writeFileSync(cache, serialize(all));
  return all;
}

/** Copies out of shared memory, which can't be stored. */
function copyOf(values: Float32Array): Float32Array {
  return Float32Array.from(values);
}
