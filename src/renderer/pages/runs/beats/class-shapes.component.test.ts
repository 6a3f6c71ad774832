import { expect, it } from "vitest";
import type { ClassShapes, ConfusedBeat, MeanBeat } from "../../../../contract/domain/class-shapes.ts";
import { defaultPreparation } from "../../../../contract/settings/defaults.ts";
import { mountComponent } from "../../../testing/mount-component.ts";
import { shell } from "../../../testing/shell.ts";
import Shapes from "./class-shapes.vue";

const meanBeat = (beats: number, ...values: number[]): MeanBeat => ({
  beats,
  mean: Float32Array.from(values),
  sd: new Float32Array(values.length).fill(0.1),
});
const confused = (number: number): ConfusedBeat => ({
  number,
  place: 4,
  record: "232",
  sample: 7200,
  rate: 360,
  confidence: 0.8,
  distances: { truth: 0.5, predicted: 0.25 },
});
const shapes: ClassShapes = {
  channels: 1,
  rate: 360,
  synthetic: 2,
  classes: [meanBeat(200, 0, 1, 0), meanBeat(50, 0, 2, 0), meanBeat(0)],
  confusions: [
    {
      ...meanBeat(3, 0, 1.5, 0),
      truth: 0,
      predicted: 1,
      distances: { truth: 0.5, predicted: 0.4 },
      closest: [confused(7)],
    },
    {
      ...meanBeat(10, 0, 1, 0),
      truth: 1,
      predicted: 0,
      distances: { truth: 1, predicted: 0.1 },
      closest: [confused(9)],
    },
    { ...meanBeat(1, 0, 1, 0), truth: 1, predicted: 2, distances: { truth: 1, predicted: null }, closest: [] },
  ],
};
const props = { run: 3, labels: ["N", "V", "F"], settings: defaultPreparation("inter-patient"), dataset: 5 };

async function mountOpen(more: { truth?: number; predicted?: number } = {}) {
  const asked: unknown[] = [];
  shell.answer({ "runs.classShapes": (input: unknown) => (asked.push(input), shapes) });
  const { wrapper } = await mountComponent(Shapes, { props: { ...props, ...more } });
  expect(asked).toEqual([]);
  const details = wrapper.get("details");
  (details.element as HTMLDetailsElement).open = true;
  await details.trigger("toggle");
  await expect.poll(() => wrapper.find("table").exists()).toBe(true);
  expect(asked).toEqual([{ run: 3 }]);
  return wrapper;
}

it("shows the class that was confused most often, its mean beat and its confusions", async () => {
  const wrapper = await mountOpen();
  const rows = wrapper.findAll("tbody tr").map((row) => row.text().replaceAll(/\s+/g, " "));
  expect(rows[0]).toMatch(/^N ?10 ?20\.00 % ?1\.000 ?0\.100/);
  expect(rows[1]).toMatch(/^F ?1 ?2\.00 % ?1\.000 ?–/);
  expect(wrapper.get("[role=img]").attributes("aria-label")).toBe("Mean beats: mean V ± SD, mean N, V → N");
  expect(wrapper.findAll("path.band")).toHaveLength(1);
  expect(wrapper.text()).toContain("2 synthetic beats of the test set left out.");
});

it("links each close beat to its place in the recording and to its explanation", async () => {
  const wrapper = await mountOpen();
  const links = wrapper.get("tbody tr").findAll("a");
  expect(links.map((link) => link.attributes("href"))).toEqual([
    expect.stringMatching(/\/recordings\/5\/232\?t=20/),
    expect.stringMatching(/\/runs\/3\/beats\?truth=V&predicted=N&order=record&beat=4&why=1/),
  ]);
});

it("shows the classes of the selected beat, and the means of a chosen confusion", async () => {
  const wrapper = await mountOpen({ truth: 1, predicted: 2 });
  // The test set has no beat of class F, so that it has no mean.
  expect(wrapper.get("[role=img]").attributes("aria-label")).toBe("Mean beats: mean V ± SD, V → F");
  await wrapper.findAll("input[type=radio]")[0].setValue(true);
  await expect.poll(() => wrapper.get("[role=img]").attributes("aria-label")).toContain("mean N, V → N");
});
