import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import type {
  Ec57Counts,
  Ec57Metrics,
  Ec57Record,
  RunMetrics,
  RunTable,
  SetComparison,
} from "../../../../contract/domain/ec57.ts";
import { UNKNOWN_ORIGIN } from "../../../../contract/domain/dataset-records.ts";
import { mountComponent } from "../../../testing/mount-component.ts";
import { shell } from "../../../testing/shell.ts";
import CompareSetsPage from "./compare-sets-page.vue";

const noRuns = { detected: 0, missed: 0, confirmed: 0, unconfirmed: 0 };
const runs: RunTable = { couplets: noRuns, shortRuns: noRuns, longRuns: noRuns };
const noMetrics = { sensitivity: null, ppv: null };
const runMetrics: RunMetrics = { couplets: noMetrics, shortRuns: noMetrics, longRuns: noMetrics };
const counts: Ec57Counts = {
  // 8 N, of which one is V in the test; 2 V; one beat of the reference has no partner.
  matrix: [
    [7, 0, 1, 0, 0, 1, 0],
    [0, 0, 0, 0, 0, 0, 0],
    [0, 0, 2, 0, 0, 0, 0],
    ...Array.from({ length: 4 }, () => [0, 0, 0, 0, 0, 0, 0]),
  ],
  ventricularRuns: runs,
  supraventricularRuns: runs,
};
const metrics: Ec57Metrics = {
  ...{ qrsSensitivity: 90.91, qrsPpv: 100, vebSensitivity: 100, vebPpv: 66.67, vebFalsePositiveRate: 12.5 },
  ...{ svebSensitivity: null, svebPpv: null },
};
const agreement = { beats: 10, equal: 9, kappa: 0.737 };
const record: Ec57Record = {
  ...{ record: "a1", paced: true, ...metrics, counts, rrErrorMs: null, shutdownSeconds: 0 },
  ...{ ventricularRunMetrics: runMetrics, supraventricularRunMetrics: runMetrics, agreement },
};
const comparison: SetComparison = {
  records: [record],
  gross: { ...metrics, counts, ventricularRunMetrics: runMetrics, supraventricularRunMetrics: runMetrics, agreement },
  average: { ...metrics, rrErrorMs: null, ventricularRunMetrics: runMetrics, supraventricularRunMetrics: runMetrics },
  skipped: ["a2"],
};

async function mount(length: number): Promise<{ asked: unknown[]; text: () => string; links: () => string[] }> {
  const asked: unknown[] = [];
  const recording = {
    ...UNKNOWN_ORIGIN,
    ...{ name: "a1", usable: true, rate: 360, length, leads: ["II"], beats: { N: 9 } },
    ...{ otherAnnotations: 0, comments: [], findings: [] },
  };
  const dataset = {
    ...{ id: 4, name: "holter", source: "", patientsFrom: null, fingerprint: "0" },
    ...{ createdAt: "2026-11-30T00:00:00.000Z", contents: "recordings" as const, records: 1, beats: 9 },
  };
  shell.answer({
    "datasets.list": () => [dataset],
    "datasets.get": () => ({ dataset, records: [recording], findings: [], correction: null }),
    "annotationSets.compare": (query) => {
      asked.push(query);
      return comparison;
    },
  });
  const { router } = await mountComponent(CompareSetsPage);
  await router.push("/compare?set=atr&with=detected");
  await flushPromises();
  return {
    asked,
    text: () => document.body.textContent.replaceAll(/\s+/g, " "),
    links: () => [...document.querySelectorAll("tbody a")].map((link) => link.getAttribute("href") ?? ""),
  };
}

it("shows agreement, kappa and the metrics of each recording, and names those it left out", async () => {
  const { text, links } = await mount(360 * 1000);
  expect(text()).toContain("atr is the reference, detected is tested against it.");
  expect(text()).toContain("Beats that both have10");
  expect(text()).toContain("90.00 %");
  expect(text()).toContain("0.737");
  expect(text()).toContain("66.67 %");
  expect(text()).toContain("a1 paced");
  expect(text()).toContain("Without annotations of one of the two: a2.");
  expect(links().some((link) => link.includes("a1") && link.includes("set=atr&with=detected"))).toBe(true);
});

it("leaves out the learning period, but in recordings that are no longer", async () => {
  const long = await mount(360 * 1000);
  expect(long.asked.at(-1)).toMatchObject({ reference: "atr", test: "detected", from: 300, convention: "ec57" });
  const short = await mount(360 * 300);
  expect(short.asked.at(-1)).toMatchObject({ from: 0 });
});
