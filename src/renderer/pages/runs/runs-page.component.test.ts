import { flushPromises } from "@vue/test-utils";
import { expect, it, vi } from "vitest";
import { settingsSchema } from "../../../contract/settings/app-settings.ts";
import { exampleRun } from "../../testing/examples.ts";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import type { ExampleAnswers } from "../../testing/example-shell.ts";
import { shell } from "../../testing/shell.ts";
import RunsPage from "./runs-page.vue";

// A chart needs a canvas, which the test environment lacks.
vi.mock("vue-echarts", () => ({ default: { render: () => null } }));

async function mountPage(answers: ExampleAnswers = {}): Promise<Mounted> {
  shell.answer({
    "runs.list": () => [exampleRun(2, { tags: ["old"] }), exampleRun(1)],
    "preparations.list": () => [],
    "datasets.list": () => [],
    "settings.set": (change) => settingsSchema.parse({ ...change }),
    ...answers,
  });
  const mounted = await mountComponent(RunsPage);
  await flushPromises();
  return mounted;
}

it("says at the search field which columns exist, and what is no number", async () => {
  const { wrapper } = await mountPage();
  const search = wrapper.get('input[aria-label="Search runs"]');
  await search.setValue("colour:red accuracy>abc");
  await flushPromises();
  expect(search.attributes("aria-invalid")).toBe("true");
  const note = wrapper.get(`#${search.attributes("aria-describedby")}`).text();
  expect(note).toContain("There is no column “colour”. Columns: run, name, network");
  expect(note).toContain("Accuracy: “abc” is not a number.");
});

it("keeps the search in the address, and takes it from there", async () => {
  const { wrapper, router } = await mountPage();
  const search = wrapper.get('input[aria-label="Search runs"]');
  await search.setValue("run 2");
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({ q: "run 2" });
  await router.push("/runs?q=cnn&sort=-accuracy");
  await flushPromises();
  expect((search.element as HTMLInputElement).value).toBe("cnn");
});

const buttonNamed = (name: string): HTMLButtonElement =>
  [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === name)!;

it("tags and removes the selected runs, with one undo for all", async () => {
  const sent: unknown[] = [];
  const record = (input: unknown): null => {
    sent.push(input);
    return null;
  };
  const { wrapper } = await mountPage({ "runs.tag": record, "runs.removeAll": record, "runs.restoreAll": record });
  await wrapper.get('input[aria-label="Select all"]').trigger("change");
  buttonNamed("Tag…").click();
  await flushPromises();
  const dialog = document.querySelector<HTMLElement>('[role="dialog"][aria-label="Tag 2 runs"]')!;
  const input = dialog.querySelector<HTMLInputElement>('input[type="text"]')!;
  input.value = "final, paper";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  expect(dialog.textContent).toContain("old (1 of 2)");
  await flushPromises();
  dialog.querySelector("form")!.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
  expect(sent).toEqual([{ runs: [1, 2], add: ["final", "paper"], remove: [] }]);
  wrapper
    .findAll("button")
    .find((button) => button.text() === "Remove")!
    .element.click();
  await flushPromises();
  expect(sent[1]).toEqual({ runs: [1, 2] });
});

it("saves search, order and columns under a name, and shows them again", async () => {
  const { wrapper, router } = await mountPage();
  await router.push("/runs?q=cnn&sort=-accuracy&columns=run,accuracy");
  await flushPromises();
  buttonNamed("Views").click();
  await flushPromises();
  const field = [...document.querySelectorAll("label")].find((label) => label.textContent === "Save this view as")!;
  const input = document.querySelector<HTMLInputElement>(`#${CSS.escape(field.htmlFor)}`)!;
  input.value = "CNNs";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await flushPromises();
  buttonNamed("Save")
    .closest("form")!
    .dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
  const [change] = shell.calls.filter(({ name }) => name === "settings.set").map(({ args }) => args);
  expect(change).toEqual({
    runsViews: [
      { name: "CNNs", search: "cnn", columns: ["run", "accuracy"], sort: { column: "accuracy", descending: true } },
    ],
  });
  await router.push("/runs");
  await flushPromises();
  buttonNamed("CNNs").click();
  await flushPromises();
  expect(router.currentRoute.value.query).toMatchObject({ q: "cnn", sort: "-accuracy", columns: "run,accuracy" });
  expect(wrapper.findAll('[role="columnheader"]')).toHaveLength(4);
});

it("shows the metrics of each class as columns, and requests them only then", async () => {
  const { router, wrapper } = await mountPage({
    "runs.classMetrics": () => ({
      labels: ["N", "V"],
      run: Int32Array.of(2, 2, 1, 1),
      label: Uint16Array.of(0, 1, 0, 1),
      sensitivity: Float64Array.of(0.99, 0.8, 0.98, 0.9),
      ppv: Float64Array.of(0.99, 0.7, 0.98, 0.6),
      f1: Float64Array.of(0.99, 0.75, 0.98, 0.72),
    }),
  });
  const requests = (): number => shell.calls.filter(({ name }) => name === "runs.classMetrics").length;
  expect(requests()).toBe(0);
  buttonNamed("Columns").click();
  await flushPromises();
  expect(requests()).toBe(1);
  document.querySelector<HTMLElement>('[role="checkbox"][aria-label="Sensitivity of V"]')!.click();
  await flushPromises();
  expect(router.currentRoute.value.query["columns"]).toMatch(/,sensitivity\/V$/);
  const heads = wrapper.findAll('[role="columnheader"]').map((head) => head.text());
  expect(heads.some((head) => head.includes("Sensitivity of V"))).toBe(true);
  expect(wrapper.text()).toContain("80.00 %");
});

it("keeps the scatter plot and its columns in the address", async () => {
  const { router, wrapper } = await mountPage({
    "runs.classMetrics": () => ({
      labels: [],
      run: new Int32Array(),
      label: new Uint16Array(),
      sensitivity: new Float64Array(),
      ppv: new Float64Array(),
      f1: new Float64Array(),
    }),
  });
  buttonNamed("Scatter").click();
  await flushPromises();
  expect(router.currentRoute.value.query["plot"]).toBe("rate,macrof1");
  await router.push("/runs?plot=batch,loss");
  await flushPromises();
  expect(wrapper.get("section[aria-labelledby=scatter] h3").text()).toBe("Test loss by batch size");
});
