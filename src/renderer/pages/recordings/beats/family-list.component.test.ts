import { expect, it } from "vitest";
import { mountComponent } from "../../../testing/mount-component.ts";
import type { Family } from "./families.ts";
import FamilyList from "./family-list.vue";

const family = (name: number, beats: number, symbols: Record<string, number>): Family => ({
  name,
  beats: Array.from({ length: beats }, (_, i) => name + i),
  symbols: Object.entries(symbols).map(([symbol, count]) => ({ symbol, beats: count })),
  mean: name === 10 ? Float32Array.of(0, 1, 0) : null,
});
const families = [family(10, 1200, { N: 1200 }), family(20, 40, { V: 39, F: 1 }), family(30, 2, { Q: 2 })];

async function mount(selected: readonly number[]) {
  const { wrapper, emitted } = await mountComponent(FamilyList, {
    props: { families, points: 3, selected: new Set(selected) },
  });
  const options = wrapper.findAll("[role=option]");
  return { options, chosen: () => emitted("choose").at(-1) };
}

it("names each family by its number, beats and classes, and draws its mean beat once it is known", async () => {
  const { options } = await mount([]);
  expect(options.map((option) => option.text().replaceAll(/\s+/g, " "))).toEqual([
    expect.stringMatching(/^Family 1, 1,200 beats: ?N 1,200$/),
    expect.stringMatching(/^Family 2, 40 beats: ?V 39 ?F 1$/),
    expect.stringMatching(/^Family 3, 2 beats: ?Q 2$/),
  ]);
  expect(options.map((option) => option.findAll("path").length)).toEqual([1, 0, 0]);
});

it("chooses one family by a click or an arrow, several with Shift and Ctrl", async () => {
  const { options, chosen } = await mount([20]);
  await options[1].trigger("click");
  expect(chosen()).toEqual([20]);
  await options[2].trigger("click", { shiftKey: true });
  expect(chosen()).toEqual([20, 30]);
  await options[0].trigger("click", { ctrlKey: true });
  expect(chosen()).toEqual([20, 10]);
  await options[1].trigger("click", { ctrlKey: true });
  expect(chosen()).toEqual([]);
  await options[1].trigger("keydown", { key: "ArrowDown" });
  expect(chosen()).toEqual([30]);
  await options[1].trigger("keydown", { key: "Home" });
  expect(chosen()).toEqual([10]);
  await options[0].trigger("keydown", { key: "ArrowUp" });
  expect(chosen()).toEqual([10]);
});

it("has one stop for the Tab key: the chosen family, else the first", async () => {
  const stops = async (selected: readonly number[]) =>
    (await mount(selected)).options.map((option) => option.attributes("tabindex"));
  expect(await stops([])).toEqual(["0", "-1", "-1"]);
  expect(await stops([30])).toEqual(["-1", "-1", "0"]);
});
