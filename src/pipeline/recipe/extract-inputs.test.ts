import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { featureDefinitions, featureNames, recipeVariants } from "../../contract/domain/recipe.ts";
import { extractInputs, filterLead } from "./extract-inputs.ts";

interface Excerpt {
  beats: number;
  /** Sum of all |shifts| of the alignment. */
  shift: number;
  /** Features of some beats. */
  rows: Record<string, number[]>;
}
interface Golden {
  names: string[];
  artificial: Excerpt;
}
/** Made by `tests/golden/make-recipe.py`. */
const golden = JSON.parse(
  readFileSync(new URL("../../../tests/golden/recipe.json", import.meta.url), "utf8"),
) as Golden;

/** Returns the artificial recording of `make-recipe.py`. */
function artificial(): { leads: Float64Array[]; peaks: Int32Array } {
  const rr = Array.from({ length: 72 }, (_, i) => 292 + 4 * (((37 * i) % 11) - 5));
  for (let i = 8; i < 71; i += 9) [rr[i], rr[i + 1]] = [190, 380];
  let at = 0;
  const peaks = rr.map((interval) => (at += interval));
  const leads = [0, 1].map((lead) => {
    const x = Float64Array.from({ length: at + 300 }, (_, t) => 0.2 * Math.sin(t / 500));
    const wave = (height: number, centre: number, width: number): void => {
      x.forEach((value, t) => (x[t] = value + height * Math.exp(-(((t - centre) / width) ** 2))));
    };
    peaks.forEach((r, i) => {
      if (i % 9 === 8 && i < 71) {
        wave(1.3 * [1, -0.6][lead], r + 2, 16);
        wave(-0.5 * [1, 0.4][lead], r + 100, 30);
        return;
      }
      wave(0.15 * [1, 0.5][lead], r - 58, 10);
      wave((1.0 + 0.02 * (i % 5)) * [1, 0.7][lead], r, 5);
      wave(-0.2 * [1, -0.3][lead], r + 9, 5);
      wave(0.3 * [1, 0.6][lead], r + 95, 22);
    });
    return x;
  });
  return { leads, peaks: Int32Array.from(peaks, (r, i) => r + (i % 3) - 1) };
}

const { leads, peaks } = artificial();

describe("the input recipe", () => {
  it("computes the features of NumPy and SciPy", () => {
    const recipe = { variant: "full", leads: 2 } as const;
    const filtered = leads.map((lead) => filterLead(lead, recipe));
    const found = extractInputs(filtered, peaks, recipe);
    const { names, artificial: expected } = golden;
    expect(featureNames(recipe)).toEqual(names);
    expect(found.peaks.reduce((sum, peak, beat) => sum + Math.abs(peak - peaks[beat]), 0)).toBe(expected.shift);
    for (const [beat, row] of Object.entries(expected.rows)) {
      const own = found.features.subarray(Number(beat) * names.length, (Number(beat) + 1) * names.length);
      // Images are float32 here, and float64 there; golden values have seven digits.
      row.forEach((value, i) => expect(own[i], `${names[i]} of beat ${beat}`).toBeCloseTo(value, 5));
    }
  });

  it("gives every beat 72 samples before its R-peak and 72 from it on, in units of the reference's amplitude", () => {
    const { images } = extractInputs(leads, peaks, { variant: "full", leads: 2 });
    expect(images.length).toBe(144);
    const [first] = images.leads;
    const beat = first.beats.subarray(10 * 144, 11 * 144);
    expect(beat.indexOf(Math.max(...beat))).toBe(72);
    // Maximum of |median| plus 0.05 mV scales to below 1.
    expect(Math.max(...beat)).toBeGreaterThan(0.7);
    expect(Math.max(...beat)).toBeLessThan(1.1);
  });

  it("defines each feature once, in each variant and with one lead or two", () => {
    const counts = recipeVariants.flatMap((variant) =>
      ([1, 2] as const).map((count) => {
        const names = featureNames({ variant, leads: count });
        expect(new Set(names).size).toBe(names.length);
        return names.length;
      }),
    );
    expect(counts).toEqual([57, 71, 45, 59]);
  });

  it.each(recipeVariants)("computes every feature of the variant %s of one lead", (variant) => {
    const recipe = { variant, leads: 1 } as const;
    const { features } = extractInputs(leads.slice(0, 1), peaks, recipe);
    expect(features.length).toBe(peaks.length * featureNames(recipe).length);
    expect(features.every(Number.isFinite)).toBe(true);
  });

  it("changes nothing of a causal beat when what follows its window changes", () => {
    const recipe = { variant: "causal", leads: 2 } as const;
    const cutOff = (beat: number): Float32Array => {
      const end = peaks[beat] + 216;
      const shown = leads.map((lead) =>
        filterLead(
          lead.map((value, t) => (t < end ? value : 0.7)),
          recipe,
        ),
      );
      const { features, images } = extractInputs(shown, peaks.slice(0, beat + 1), recipe);
      const width = featureNames(recipe).length;
      const ofBeat = images.leads.flatMap(({ beats }) => [...beats.subarray(beat * 144, (beat + 1) * 144)]);
      return Float32Array.from([...features.subarray(beat * width, (beat + 1) * width), ...ofBeat]);
    };
    const filtered = leads.map((lead) => filterLead(lead, recipe));
    const whole = extractInputs(filtered, peaks, recipe);
    const width = featureNames(recipe).length;
    for (const beat of [5, 30, 52]) {
      const own = cutOff(beat);
      own.subarray(0, width).forEach((value, i) => {
        expect(value, featureNames(recipe)[i]).toBeCloseTo(whole.features[beat * width + i], 6);
      });
      const image = whole.images.leads[0].beats.subarray(beat * 144, (beat + 1) * 144);
      expect([...own.subarray(width, width + 144)]).toEqual([...image]);
    }
  });

  it("marks no feature of the causal variant, and every full feature that needs later beats", () => {
    expect(featureDefinitions({ variant: "causal", leads: 2 }).filter(({ uses }) => uses.length > 0)).toEqual([]);
    const full = featureDefinitions({ variant: "full", leads: 2 });
    const causalNames = featureNames({ variant: "causal", leads: 2 });
    const dropped = full.filter(({ name }) => !causalNames.includes(name));
    expect(dropped.length).toBe(12);
    expect(dropped.every(({ uses }) => uses.includes("later-beats"))).toBe(true);
  });
});
