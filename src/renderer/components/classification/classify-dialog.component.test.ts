import { expect, it } from "vitest";
import { nextTick } from "vue";
import type { ClassificationCheck } from "../../../contract/domain/classification.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import ClassifyDialog from "./classify-dialog.vue";

const fit = { problem: null, warnings: [], peaks: "atr", beats: 100, seconds: 300 };
const check: ClassificationCheck = {
  run: {
    id: 3,
    title: "ANN",
    protocol: "reference",
    labels: ["N", "V"],
    test: { accuracy: 0.99, macroF1: 0.98 },
    perClass: [],
    warning: "Its test beats are of patients that trained it.",
    calibrated: true,
  },
  problem: null,
  recordings: [
    { ...fit, record: "100" },
    { ...fit, record: "101", peaks: null, warnings: ["Its patient trained run 3."] },
    { ...fit, record: "102", problem: "It has no lead MLII." },
  ],
  set: { name: "run3", replaces: true },
};
const answers = {
  "runs.list": () => [],
  "datasets.list": () => [],
  "annotationSets.list": () => [],
  "classification.costs": () => ({
    beats: 10,
    costs: [{ threshold: 0.7, unsure: 0.1, accuracy: 0.995, macroF1: null, perClass: [] }],
  }),
};
async function mount(checked: ClassificationCheck): Promise<string> {
  shell.answer({ ...answers, "classification.check": () => checked });
  await mountComponent(ClassifyDialog, { props: { shown: true, run: 3, dataset: 2 } });
  await nextTick();
  return document.body.textContent.replaceAll(/\s+/g, " ");
}

it("says before anything runs what fits, what the test metrics don't show, and what is replaced", async () => {
  const text = await mount(check);
  expect(text).toContain(
    "2 recordings will be classified; the R-peaks of 1 recording without heartbeats are detected first.",
  );
  expect(text).toContain("the annotation set run3, which is replaced");
  expect(text).toContain("Excluded: 102: It has no lead MLII.");
  expect(text).toContain("Its test beats are of patients that trained it.");
  expect(text).toContain("101: Its patient trained run 3.");
  expect(text).toContain("0.7010.00 %99.50 %");
});

it("offers nothing where the runs can't read the recordings", async () => {
  const text = await mount({ ...check, problem: "The runs have different classes.", recordings: [] });
  expect(text).toContain("The runs have different classes.");
  const button = [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === "Classify");
  expect(button?.disabled).toBe(true);
});
