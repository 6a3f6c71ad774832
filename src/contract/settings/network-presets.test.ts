import { describe, expect, it } from "vitest";
import { presetProblem, presetsFor, suggestedPreset } from "./network-presets.ts";

describe("presets for a preparation", () => {
  const beats = {};
  const recipe = { channels: 2, features: 71, steps: 17 };

  it("leave out those whose inputs it does not offer, with the reason", () => {
    expect(presetsFor(beats)).toEqual(["ann", "cnn", "lstm"]);
    expect(presetProblem("rhythm-and-shape", beats)).toMatch(/^Rhythm and shape needs features of the beats/);
    expect(presetsFor({ features: 71 })).toEqual(["ann", "cnn", "lstm", "residual-cnn"]);
  });

  it("leave out a network of rows where beats have two channels", () => {
    expect(presetsFor(recipe)).toEqual(["cnn", "lstm", "rhythm-and-shape", "residual-cnn"]);
    expect(presetProblem("ann", recipe)).toBe("ANN reads beats of one channel; those of this preparation have 2.");
  });

  it("suggest the network of the features where there are some", () => {
    expect(suggestedPreset(beats)).toBe("ann");
    expect(suggestedPreset(recipe)).toBe("rhythm-and-shape");
  });
});
