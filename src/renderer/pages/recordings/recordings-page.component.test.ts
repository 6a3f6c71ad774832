import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import type { DatasetOverview } from "../../../contract/domain/datasets.ts";
import { exampleTables } from "../../testing/example-inspection.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
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
  const records = exampleTables.records.slice(0, 2).map((record) => ({ ...record, version: 1 }));
  shell.answer({
    "datasets.list": () => [dataset],
    "datasets.get": () => ({ dataset, records, findings: [] }),
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
  expect(text).toContain("Patients are unknown, and there are no recordings to view");
  expect(text).toContain("row 8 of the table");
  expect(document.querySelector('a[href*="/recordings/4/"]')).toBeNull();
  expect(asked).toContainEqual({ dataset: 4, record: "mitbih_test", label: "N", from: 0, count: 150, every: 1 });

  const classes = document.querySelectorAll<HTMLElement>('[aria-label="Class of the beats"] button');
  classes[1].click();
  await flushPromises();
  expect(asked).toContainEqual({ dataset: 4, record: "mitbih_test", label: "V", from: 0, count: 150, every: 1 });
});
