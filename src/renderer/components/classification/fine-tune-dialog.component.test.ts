import { expect, it } from "vitest";
import { nextTick } from "vue";
import type { AnnotationSetOverview } from "../../../contract/domain/annotation-sets.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import FineTuneDialog from "./fine-tune-dialog.vue";

const set = (name: string, origin: AnnotationSetOverview["origin"], records: string[]): AnnotationSetOverview => ({
  ...{ id: null, name, origin, parent: null, leads: [], runs: [], createdAt: "2026-11-30T00:00:00Z" },
  used: origin === "imported",
  records: records.map((record) => ({ record, symbols: { N: 10 } })),
});

async function mount(sets: AnnotationSetOverview[]): Promise<string> {
  shell.answer({ "runs.list": () => [], "datasets.list": () => [], "annotationSets.list": () => sets });
  await mountComponent(FineTuneDialog, { props: { shown: true, run: 3, dataset: 2, record: "100" } });
  await nextTick();
  return document.body.textContent.replaceAll(/\s+/g, " ");
}
const button = () => [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === "Fine-tune");

it("offers imported and reviewed labels, and says what the result holds for", async () => {
  const text = await mount([
    set("atr", "imported", ["100"]),
    set("run3", "classified", ["100"]),
    set("run3-reviewed", "reviewed", ["100"]),
  ]);
  const options = [...document.querySelectorAll("option")].map((each) => each.textContent.trim());
  expect(options).toEqual(["atr (imported)", "run3-reviewed (reviewed)"]);
  expect(text).toContain("its metrics hold for this patient alone");
  expect(button()?.disabled).toBe(false);
});

it("does not start where the recording has labels of a network alone", async () => {
  await mount([set("run3", "classified", ["100"])]);
  expect(button()?.disabled).toBe(true);
});
