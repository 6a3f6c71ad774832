import { expect, it } from "vitest";
import type { NetworkShape } from "../../../contract/domain/networks.ts";
import { presets } from "../../../contract/settings/network-presets.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import LayerList from "./layer-list.vue";

const beats: NetworkShape = { windowLength: 360, classes: 5 };

async function mounted(shape: NetworkShape) {
  const { wrapper } = await mountComponent(LayerList, {
    props: { modelValue: presets.cnn, description: null, shape },
  });
  return {
    rows: wrapper.findAll("p.end strong").map((row) => row.text()),
    choices: wrapper.findAll("li.layer")[0].findAll(".sources label"),
    emitted: () => wrapper.emitted<[typeof presets.cnn]>("update:modelValue"),
  };
}

it("shows the beat alone where the preparation has no features", async () => {
  const { rows, choices } = await mounted(beats);
  expect(rows).toEqual(["Input", "Output"]);
  expect(choices.map((choice) => choice.text())).toEqual(["input"]);
});

it("lets a layer use the features of the beat and its neighbours where the preparation has them", async () => {
  const { rows, choices, emitted } = await mounted({ ...beats, features: 71, steps: 17 });
  expect(rows).toEqual(["Input", "Rhythm", "Sequence", "Output"]);
  expect(choices.map((choice) => choice.text())).toEqual(["input", "rhythm", "sequence"]);
  await choices[2].find("input").setValue(true);
  expect(emitted()?.at(-1)?.[0].layers[0]?.inputs).toEqual(["sequence"]);
});
