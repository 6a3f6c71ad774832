import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { exampleInspection, exampleTables } from "../../testing/example-inspection.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import InspectionDialog from "./inspection-dialog.vue";

const text = (): string => document.body.textContent.replace(/\s+/g, " ");
const rows = (): string[][] =>
  [...document.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
const button = (name: string): HTMLButtonElement =>
  [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === name)!;

async function mounted(inspection = exampleInspection) {
  shell.answer({ "datasets.list": () => [] });
  const found = await mountComponent(InspectionDialog, { props: { shown: true, inspection } });
  await flushPromises();
  return found;
}

it("shows formats, leads with units and where they are missing, annotators, patients and issues", async () => {
  await mounted();
  expect(text()).toContain("3 recordings · 1 h 30 min · WFDB · 360 Hz");
  expect(rows()).toContainEqual(["II", "3", "1", "mV (2), uV (1)", ""]);
  expect(rows()).toContainEqual(["V5", "2", "2", "mV", "b-8"]);
  expect(text()).toContain("qrs: 3 recordings, N 6,036");
  expect(text()).toContain("2 patients: their recordings are kept together by every split by patient.");
  expect(text()).toContain("2 recordings: Lead V5 is flat from start to end.");
  expect(text()).toContain("Excluded: 2 files");
});

it("emits the settings of the choices", async () => {
  const { emitted } = await mounted();
  const v5 = [...document.querySelectorAll<HTMLElement>("[role=checkbox]")].find((each) =>
    each.textContent.includes("V5"),
  );
  v5!.click();
  await flushPromises();
  const select = [...document.querySelectorAll("select")].find((each) => each.textContent.includes("qrs"))!;
  select.selectedIndex = 2;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  await flushPromises();
  button("Import").click();
  await flushPromises();
  expect(emitted("import")).toEqual([{ name: "clinic", leads: ["II"], annotator: "qrs", withoutComments: false }]);
});

it("shows tables of beats with their sets and classes, and no leads, annotators or patients", async () => {
  await mounted(exampleTables);
  expect(rows().map(([name, beats, samples]) => [name, beats, samples])).toEqual([
    ["Table", "Beats", "Samples per beat"],
    ["mitbih_test", "50", "187"],
    ["mitbih_train", "200", "187"],
    ["ptbdb_normal", "30", "187"],
  ]);
  const uses = [...document.querySelectorAll<HTMLOptionElement>("select option[selected]")];
  expect(uses.map(({ value }) => value)).toEqual(["test", "train", "leave-out"]);
  expect([...document.querySelectorAll("h3")].map((each) => each.textContent)).toEqual(["Tables", "Classes"]);
  expect(text()).toContain("its patients are unknown");
});

it("emits sets, class names and sampling rate of tables of beats, and refuses two classes of one name", async () => {
  const { emitted } = await mounted(exampleTables);
  const name = document.querySelector<HTMLInputElement>('[aria-label="Name of class 2"]')!;
  const enter = async (value: string): Promise<void> => {
    name.value = value;
    name.dispatchEvent(new Event("input", { bubbles: true }));
    await flushPromises();
  };
  await enter("N");
  expect(text()).toContain("Two classes have the name N.");
  expect(button("Import").disabled).toBe(true);
  await enter("ectopic");
  button("Import").click();
  await flushPromises();
  expect(emitted("import")).toEqual([
    {
      name: "kaggle",
      tables: { mitbih_train: "train", mitbih_test: "test" },
      classNames: { "0": "N", "2": "ectopic" },
      rate: 125,
    },
  ]);
});
