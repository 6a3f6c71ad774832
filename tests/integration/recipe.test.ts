/** The input recipe on MIT-BIH: features as NumPy and SciPy compute them, synthetic recordings, and what training may see. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { presetPreparation } from "../../src/contract/settings/defaults.ts";
import { featureNames } from "../../src/contract/domain/recipe.ts";
import { prepareBeats, type PreparedBeats } from "../../src/main/workers/prepare-beats.ts";
import { loadStoredRecord } from "../../src/main/workers/stored-record.ts";
import { readForRecipe, recordingInputs, type RecipeRecording } from "../../src/main/workers/recipe-inputs.ts";
import { DS1 } from "../../src/pipeline/beats/mitbih.ts";
import { familiesOf, planSynthetic } from "../../src/pipeline/recipe/synthetic-recordings.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";

interface Golden {
  names: string[];
  records: Record<string, { beats: number; rows: Record<string, number[]> }>;
}
/** Made by `tests/golden/make-recipe.py`. */
const golden = JSON.parse(readFileSync(new URL("../golden/recipe.json", import.meta.url), "utf8")) as Golden;

const settings = presetPreparation("rhythm-and-shape", "inter-patient");
const recipe = settings.recipe!;
const selection = { classMap: settings.classMap, leads: ["MLII"], recipe };

function read(folder: string, name: string): RecipeRecording {
  const found = readForRecipe(loadStoredRecord(folder, name), selection);
  if (found === null) throw new Error(`Recording ${name} has no two leads.`);
  return found;
}

describe("the input recipe on MIT-BIH", () => {
  it("computes the features of four recordings as NumPy and SciPy", (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const width = golden.names.length;
    for (const [name, { beats, rows }] of Object.entries(golden.records)) {
      const { features } = recordingInputs(read(mitdb, name), recipe);
      expect(features.length).toBe(beats * width);
      for (const [beat, row] of Object.entries(rows)) {
        // Images are float32 here, and float64 there; golden values have seven digits.
        row.forEach((value, i) => {
          const feature = `${golden.names[i]} of beat ${beat} of ${name}`;
          expect(features[Number(beat) * width + i], feature).toBeCloseTo(value, 5);
        });
      }
    }
  });

  it("makes the synthetic recordings of DS1 as the Python original: families, beats, share of early beats, RR", (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const folder = mitdb;
    const made = DS1.flatMap((name) => {
      const { beats } = read(folder, name);
      return familiesOf(beats).map((family, number) => {
        const { labels, rr } = planSynthetic(beats, { seed: 42, name, number });
        const early =
          labels.filter((label) => label === "S").length - beats.labels.filter((label) => label === "S").length;
        return { family, beats: rr.length, early: early / rr.length, shortest: Math.min(...rr) };
      });
    });
    const of = (family: string): typeof made => made.filter((each) => each.family === family);
    const sum = (some: typeof made): number => some.reduce((total, { beats }) => total + beats, 0);
    // The original (seed 1): 44 recordings with 102,042 beats, 20 with 46,078, 22 with 51,021.
    expect(["early-beats", "fibrillation", "sinus-arrhythmia"].map((family) => of(family).length)).toEqual([
      44, 20, 22,
    ]);
    expect(["early-beats", "fibrillation", "sinus-arrhythmia"].map((family) => sum(of(family)))).toEqual([
      102_042, 46_078, 51_021,
    ]);
    // The original: half of the recordings between 6 % and 23 % S, 49 % at most. The planned share is log-uniform from 2 to 56 %.
    const shares = of("early-beats").map(({ early }) => early);
    expect(Math.max(...shares)).toBeLessThan(0.6);
    const mean = shares.reduce((a, b) => a + b, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.08);
    expect(mean).toBeLessThan(0.25);
    expect(of("fibrillation").every(({ early }) => early === 0)).toBe(true);
    expect(Math.min(...made.map(({ shortest }) => shortest))).toBeCloseTo(0.33, 9);
  });

  it("fits scaling and weights to training beats alone, and keeps synthetic beats in the training set", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const folder = mitdb;
    const prepare = (tested: string): Promise<PreparedBeats> =>
      prepareBeats({
        folder,
        records: ["101", "106", "119", tested].map((name) => {
          return { name, patient: null, knownAs: `mitdb/${name}`, leads: ["MLII", "V1"], rate: 360 };
        }),
        settings,
        progress: () => {},
        signal: new AbortController().signal,
        workers: 2,
      });
    const [one, other] = [await prepare("100"), await prepare("232")];
    expect(one.inputs?.featureScaling).toEqual(other.inputs?.featureScaling);
    const weightsOf = ({ inputs, examples }: PreparedBeats): number[] =>
      Array.from(examples.sets.train, (row) => inputs!.weights![row]);
    expect(weightsOf(one)).toEqual(weightsOf(other));

    const { table, examples, summary, values, length, inputs } = one;
    expect(summary.labels.slice(0, 3)).toEqual(["N", "S", "V"]);
    expect(inputs?.features).toEqual(featureNames(recipe));
    expect(values.length).toBe(table.classes.length * length * 2);
    expect(inputs?.featureValues?.length).toBe(table.classes.length * 71);
    expect(inputs?.featureValues?.every((value) => Math.abs(value) <= 2)).toBe(true);
    const real = summary.beats;
    const synthetic = Array.from(examples.sets.train).filter((row) => row >= real);
    expect(synthetic.length).toBe(table.classes.length - real);
    expect(synthetic.length).toBe(summary.counts.reduce((sum, { syntheticTrain }) => sum + syntheticTrain, 0));
    const sources = new Set(synthetic.map((row) => table.records[table.record[row]].split(" ")[0]));
    expect([...sources].sort()).toEqual(summary.recordsBySet?.train);
    expect(summary.caveats.join(" ")).toContain("transductive");
  });
});
