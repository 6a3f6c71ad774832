import { expect, it } from "vitest";
import { allPresets, presets } from "../../../contract/settings/network-presets.ts";
import { offeredInputs } from "./network-inputs.ts";

const beats = { windowLength: 360, classes: 5 };

it("offers the beat alone where a preparation has no features", () => {
  expect(offeredInputs(beats, presets.ann)).toEqual([{ id: "input", shape: [360, 1] }]);
});

it("offers features and sequences that a preparation has", () => {
  expect(offeredInputs({ ...beats, channels: 2, features: 71, steps: 17 }, presets.ann)).toEqual([
    { id: "input", shape: [360, 2] },
    { id: "rhythm", shape: [71] },
    { id: "sequence", shape: [17, 71] },
  ]);
});

it("keeps inputs that the network names and the preparation lacks", () => {
  const offered = offeredInputs(beats, allPresets["rhythm-and-shape"]);
  expect(offered.map(({ id, shape }) => [id, shape])).toEqual([
    ["input", [360, 1]],
    ["rhythm", null],
    ["sequence", null],
  ]);
});

it("hides an input behind a layer of its name", () => {
  const network = { name: "old", layers: [{ ...presets.ann.layers[0], id: "rhythm" }] };
  expect(offeredInputs({ ...beats, features: 3 }, network).map(({ id }) => id)).toEqual(["input"]);
});
