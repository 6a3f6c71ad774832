import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import type { AnnotationSetOverview } from "../../../../contract/domain/annotation-sets.ts";
import { UNKNOWN_ORIGIN } from "../../../../contract/domain/dataset-records.ts";
import { mountComponent } from "../../../testing/mount-component.ts";
import { shell } from "../../../testing/shell.ts";
import AnnotationSetsPage from "./annotation-sets-page.vue";

const dataset = {
  ...{ id: 4, name: "holter", source: "", patientsFrom: null, fingerprint: "0" },
  ...{ createdAt: "2026-11-30T00:00:00.000Z", contents: "recordings" as const, records: 1, beats: 90 },
};
const record = {
  ...UNKNOWN_ORIGIN,
  ...{ name: "a1", usable: true, rate: 360, length: 3600, leads: ["II", "V1"], beats: { N: 9 } },
  ...{ otherAnnotations: 0, comments: [], findings: [] },
};
const set = (name: string, rest: Partial<AnnotationSetOverview>): AnnotationSetOverview => ({
  ...{ id: null, name, origin: "imported", parent: null, leads: [], runs: [], createdAt: dataset.createdAt },
  ...{ used: false, records: [{ record: "a1", symbols: { N: 80, V: 10, "+": 3 } }] },
  ...rest,
});
const sets = [
  set("atr", { used: true }),
  set("detected", { id: 1, origin: "detected" }),
  set("atr-reviewed", { id: 2, origin: "reviewed", parent: "atr" }),
];
const text = (): string => document.body.textContent.replaceAll(/\s+/g, " ");

async function mount(listed: readonly AnnotationSetOverview[]) {
  shell.answer({
    "datasets.list": () => [dataset],
    "datasets.get": () => ({ dataset, records: [record], findings: [], correction: null }),
    "annotationSets.list": () => [...listed],
  });
  const mounted = await mountComponent(AnnotationSetsPage);
  await flushPromises();
  return mounted;
}

it("lists each set with its origin, parent and beats; imported sets can't be renamed or removed", async () => {
  const { wrapper } = await mount(sets);
  const rows = wrapper.findAll("tbody tr");
  expect(rows.map((row) => row.text().includes("90"))).toEqual([true, true, true]);
  expect(rows[0].text()).toContain("used for preparations");
  expect(rows[1].text()).toContain("all");
  expect(rows[2].text()).toContain("atr");
  const removable = rows.map((row) => row.find('[aria-label^="Remove annotation set"]').exists());
  expect(removable).toEqual([false, true, true]);
});

it("compares the first set with the newest, and nothing where there is one set", async () => {
  const { wrapper, router } = await mount(sets);
  await wrapper.get("form").trigger("submit");
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({ set: "atr", with: "atr-reviewed" });
  const { wrapper: alone } = await mount(sets.slice(0, 1));
  expect([wrapper.find("form").exists(), alone.find("form").exists()]).toEqual([true, false]);
});

it("says what to do where nothing is annotated", async () => {
  await mount([]);
  expect(text()).toContain("The recordings have no annotations yet. Detect their beats");
});
