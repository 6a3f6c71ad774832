import { expect, it } from "vitest";
import {
  layerKinds,
  layerSchema,
  type LayerKind,
  type LayerSpec,
  type NetworkSpec,
} from "../../../contract/domain/networks.ts";
import { addLayer, changeLayer } from "./layer-list.ts";
import { fieldsOf, kindNames, readField, writeField, type LayerField } from "./layer-fields.ts";
import { kindHelp } from "./layer-help.ts";
import { presets } from "../../../contract/settings/network-presets.ts";

const layerOf = (kind: LayerKind): LayerSpec => addLayer(presets.ann, kind, 0).layers[0];

function anotherValue(field: LayerField, now: number | string): number | string {
  if (field.type === "whole") return 7;
  if (field.type === "fraction") return 0.125;
  return field.options.find(({ value }) => value !== now)!.value;
}

it.each(layerKinds)("every field of %s reads and writes its value, and gives a valid layer", (kind) => {
  const layer = layerOf(kind);
  expect(kindNames[kind]).not.toBe("");
  for (const field of fieldsOf(kind)) {
    const value = anotherValue(field, readField(layer, field));
    const network = { name: "n", layers: [layer] };
    const [changed] = changeLayer(network, 0, writeField(layer, field, value)).layers;
    expect(layerSchema.parse(changed)).toEqual(changed);
    expect(readField(changed, field)).toBe(value);
    expect(changed).not.toEqual(layer);
  }
});

it.each(layerKinds)("%s is explained in one or two sentences", (kind) => {
  expect(kindHelp[kind].match(/[.](?= |$)/g)?.length).toBeOneOf([1, 2]);
});

it("removes a setting whose initial value is chosen again", () => {
  const layer = layerOf("conv1d");
  const [dilation, bias] = ["dilation", "useBias"].map((key) => fieldsOf("conv1d").find((field) => field.key === key)!);
  const network = { name: "n", layers: [layer] };
  const changed = changeLayer(changeLayer(network, 0, writeField(layer, dilation, 4)), 0, { useBias: false });
  expect(changed.layers[0]).toMatchObject({ dilation: 4, useBias: false });
  const back = [writeField(layer, dilation, 1), writeField(layer, bias, "true")];
  expect(back.reduce<NetworkSpec>((before, changes) => changeLayer(before, 0, changes), changed)).toEqual(network);
});

it.each(layerKinds)("%s has a field for each setting", (kind) => {
  const shown = new Set(fieldsOf(kind).map(({ key }) => key.split(".")[0]));
  const settings = Object.keys(layerOf(kind)).filter((key) => key !== "id" && key !== "kind");
  expect(settings.filter((key) => !shown.has(key))).toEqual([]);
});
