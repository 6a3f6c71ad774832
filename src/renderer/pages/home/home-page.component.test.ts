import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { settingsSchema } from "../../../contract/settings/app-settings.ts";
import type { DatasetOverview } from "../../../contract/domain/datasets.ts";
import type { ExampleAnswers } from "../../testing/example-shell.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import HomePage from "./home-page.vue";

const dataset: DatasetOverview = {
  id: 1,
  name: "mitdb",
  source: "/data/mitdb",
  patientsFrom: null,
  fingerprint: "0",
  createdAt: "2026-11-30T00:00:00.000Z",
  contents: "recordings",
  records: 48,
  beats: 109_000,
};

async function headings(answers: ExampleAnswers): Promise<string[]> {
  shell.answer({ "runs.list": () => [], "preparations.list": () => [], ...answers });
  await mountComponent(HomePage);
  await flushPromises();
  return [...document.querySelectorAll("h2")].map((heading) => heading.textContent.trim());
}

it("begins with ways to add recordings", async () => {
  const found = await headings({ "datasets.list": () => [] });
  expect(found.indexOf("Sample recordings")).toBeLessThan(found.indexOf("Datasets"));
  expect(found).not.toContain("Add recordings");
});

it("begins with the user's data once there are some", async () => {
  const found = await headings({ "datasets.list": () => [dataset] });
  expect(found[0]).toBe("Datasets");
  expect(found.indexOf("Add recordings")).toBeLessThan(found.indexOf("Sample recordings"));
});

const offer = (): Element | undefined =>
  [...document.querySelectorAll("p")].find(({ textContent }) => textContent.includes("New to Ectopy?"));
const button = (name: string): HTMLButtonElement =>
  [...document.querySelectorAll("button")].find(({ textContent }) => textContent.trim() === name)!;

it("offers the tour on the first visit, and stores the answer", async () => {
  const stored: unknown[] = [];
  await headings({
    "datasets.list": () => [],
    "settings.set": (change) => {
      stored.push(change);
      return settingsSchema.parse({ tourOffered: true });
    },
  });
  expect(offer()).toBeDefined();
  button("No, thanks").click();
  await flushPromises();
  expect(stored).toEqual([{ tourOffered: true }]);
  expect(offer()).toBeUndefined();
});

it("offers no tour to a user who has answered, or has data", async () => {
  await headings({ "datasets.list": () => [], "settings.get": () => settingsSchema.parse({ tourOffered: true }) });
  expect(offer()).toBeUndefined();
  document.body.innerHTML = "";
  await headings({ "datasets.list": () => [dataset], "settings.get": () => settingsSchema.parse({}) });
  expect(offer()).toBeUndefined();
});
