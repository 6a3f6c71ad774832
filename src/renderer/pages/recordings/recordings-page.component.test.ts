import { flushPromises } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import type { DatasetOverview } from "../../../contract/domain/datasets.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { UNKNOWN_ORIGIN } from "../../../contract/domain/dataset-records.ts";
import { exampleTables } from "../../testing/example-inspection.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import { useToasts } from "../../stores/toasts.ts";
import RecordingsPage from "./recordings-page.vue";

const dataset: DatasetOverview = {
  id: 4,
  name: "kaggle",
  source: "/data/kaggle",
  patientsFrom: null,
  fingerprint: "0",
  createdAt: "2026-11-30T00:00:00.000Z",
  contents: "beats",
  records: 2,
  beats: 250,
};

it("shows the beats of a dataset of tables by class, and says what it does not have", async () => {
  const asked: unknown[] = [];
  const finding: Finding = { code: "flat-lead", severity: "warning", message: "Odd.", fix: "Look at it." };
  const records = exampleTables.records.slice(0, 2).map((record) => ({ ...record, version: 1, findings: [finding] }));
  shell.answer({
    "datasets.list": () => [dataset],
    "datasets.get": () => ({ dataset, records, findings: [], correction: null }),
    "recordings.tableBeats": (query) => {
      asked.push(query);
      return { total: 40, samples: 3, rows: Uint32Array.of(7), values: Float32Array.of(0, 1, 0) };
    },
  });
  // Without a number in the address, the page shows the newest dataset.
  await mountComponent(RecordingsPage);
  await flushPromises();
  const text = document.body.textContent.replace(/\s+/g, " ");
  expect(document.querySelector("h1")?.textContent).toBe("Beats");
  expect(text).toContain("2 tables of beats, 250 beats.");
  expect(text).toContain("2 tables: ");
  expect(text).toContain("Training set");
  expect(text).toContain("Patients are unknown, and there are no recordings to view");
  expect(text).toContain("row 8 of the table");
  expect(document.querySelector('a[href*="/recordings/4/"]')).toBeNull();
  expect(asked).toContainEqual({ dataset: 4, record: "mitbih_test", label: "N", from: 0, count: 150, every: 1 });

  const classes = document.querySelectorAll<HTMLElement>('[aria-label="Class of the beats"] button');
  classes[1].click();
  await flushPromises();
  expect(asked).toContainEqual({ dataset: 4, record: "mitbih_test", label: "V", from: 0, count: 150, every: 1 });
});

it("examines recordings of an earlier version where the user asks for it", async () => {
  const [record] = exampleTables.records;
  const old = { ...record, ...UNKNOWN_ORIGIN, name: "100", details: {}, findings: [] };
  shell.answer({
    "datasets.list": () => [{ ...dataset, contents: "recordings" as const }],
    "datasets.get": () => ({
      dataset: { ...dataset, contents: "recordings" as const },
      records: [old, { ...old, name: "101" }, { ...old, name: "102", hashes: ["0"] }],
      findings: [],
      correction: null,
    }),
    "datasets.examine": () => {
      throw new Error("asked");
    },
  });
  await mountComponent(RecordingsPage);
  await flushPromises();
  expect(document.body.textContent).toContain("2 recordings imported by an earlier version");
  [...document.querySelectorAll("button")].find((each) => each.textContent.trim() === "Examine leads")!.click();
  await flushPromises();
  expect(shell.calls.find(({ name }) => name === "datasets.examine")?.args).toEqual({ dataset: 4 });
});

describe("the patients of a dataset", () => {
  const button = (text: string): HTMLButtonElement =>
    [...document.querySelectorAll("button")].find((each) => each.textContent.trim().startsWith(text))!;
  const field = (label: string): HTMLInputElement => document.querySelector(`input[aria-label="${label}"]`)!;
  const type = async (input: HTMLInputElement, text: string): Promise<void> => {
    input.value = text;
    input.dispatchEvent(new Event("input"));
    await flushPromises();
  };
  const records = ["a1", "a2", "b1"].map((name) => ({
    ...UNKNOWN_ORIGIN,
    ...{ name, usable: true, rate: 360, length: 3600, leads: ["II"], beats: { N: 9 }, otherAnnotations: 0 },
    ...{ comments: [], findings: [], patient: name === "b1" ? "B" : null },
  }));

  it("are shown, and corrected several at once, with an undo", async () => {
    const calls: unknown[] = [];
    let correction: unknown = null;
    shell.answer({
      "datasets.list": () => [{ ...dataset, contents: "recordings" }],
      "datasets.get": () =>
        ({ dataset: { ...dataset, contents: "recordings" }, records, findings: [], correction }) as never,
      "datasets.setPatients": (change) => {
        calls.push(change);
        correction = { createdAt: "2026-11-30T00:00:00.000Z", patients: { a1: null, a2: null } };
        return { changed: Object.keys(change.patients), unused: [], outdated: [7] };
      },
      "datasets.undoPatients": (of) => {
        calls.push(of);
        return { changed: ["a1", "a2"], unused: [], outdated: [] };
      },
    });
    await mountComponent(RecordingsPage);
    await flushPromises();
    button("Edit patients").click();
    await flushPromises();
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain("1 patient; unknown of 2 recordings.");
    expect(button("Save").disabled).toBe(true);
    for (const name of ["a1", "a2"]) {
      document.querySelector<HTMLElement>(`[role="checkbox"][aria-label="Select ${name}"]`)!.click();
    }
    await flushPromises();
    const label = [...document.querySelectorAll("label")].find((each) => each.textContent.includes("2 selected"))!;
    await type(document.getElementById(label.htmlFor) as HTMLInputElement, "A");
    button("Set patient").click();
    await flushPromises();
    await type(field("Patient of b1"), "");
    expect(field("Patient of a2").value).toBe("A");
    button("Save 3 changes").click();
    await flushPromises();
    expect(calls).toEqual([{ dataset: 4, patients: { a1: "A", a2: "A", b1: null } }]);
    expect(useToasts().toasts.map(({ message }) => message)).toEqual([
      "The patient of 3 recordings was corrected. Preparation 7 keeps the earlier patients.",
    ]);
    await useToasts().toasts[0].action?.run();
    expect(calls[1]).toEqual({ dataset: 4 });
  });
});
