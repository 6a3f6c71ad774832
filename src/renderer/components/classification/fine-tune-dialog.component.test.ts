import { expect, it } from "vitest";
import { nextTick } from "vue";
import type { AnnotationSetOverview } from "../../../contract/domain/annotation-sets.ts";
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import type { DatasetDetails } from "../../../contract/domain/datasets.ts";
import type { RunOverview } from "../../../contract/domain/runs.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import { useRuns } from "../../stores/runs.ts";
import FineTuneDialog from "./fine-tune-dialog.vue";

const set = (name: string, origin: AnnotationSetOverview["origin"], records: string[]): AnnotationSetOverview => ({
  ...{ id: null, name, origin, parent: null, leads: [], runs: [], createdAt: "2026-11-30T00:00:00Z" },
  used: origin === "imported",
  records: records.map((record) => ({ record, symbols: { N: 10 } })),
});

async function mount(
  sets: AnnotationSetOverview[],
  { runs = [], run = 3 }: { runs?: RunOverview[]; run?: number | null } = {},
): Promise<string> {
  const records = [{ name: "100", rate: 250, length: 250 * 120 }] as DatasetRecord[];
  shell.answer({
    ...{ "runs.list": () => runs, "datasets.list": () => [], "annotationSets.list": () => sets },
    "datasets.get": () => ({ records }) as DatasetDetails,
  });
  await mountComponent(FineTuneDialog, { props: { shown: true, run, dataset: 2, record: "100" } });
  await useRuns().reload();
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

it("trains on a third of a recording that is shorter than 15 minutes", async () => {
  await mount([set("atr", "imported", ["100"])]);
  expect(document.querySelector<HTMLInputElement>("input")?.value).toBe("0.6");
});

it("lists the runs that can be fine-tuned, and says which ones are missing", async () => {
  const runOf = (id: number, settings: object, protocol = "inter-patient"): RunOverview =>
    ({
      ...{ id, name: `Run ${id}`, settings: { network: { preset: "1d-cnn" }, ...settings } },
      ...{ preparation: { protocol }, test: {} },
    }) as unknown as RunOverview;
  const runs = [
    runOf(1, {}),
    runOf(2, { members: [] }),
    runOf(3, { importedFrom: "model.h5" }),
    runOf(4, {}, "patient-specific"),
  ];
  const text = await mount([set("atr", "imported", ["100"])], { runs, run: null });
  const [first] = document.querySelectorAll("select");
  expect([...first.options].map(({ value }) => value)).toEqual(["1"]);
  expect(text).toContain("Not listed: ensembles, evaluated model files, patient-specific runs");
});
