import { expect, it } from "vitest";
import type { MemberRun } from "../../store/experiments.ts";
import { searchResults, valuesInLabel } from "./search-results.ts";

it("reads the values of a label, also names with commas", () => {
  expect(valuesInLabel("learningRate 0.01, batch 64", ["learningRate", "batch"])).toEqual(["0.01", "64"]);
  expect(valuesInLabel("network My net, v2, batch 64", ["network", "batch"])).toEqual(["My net, v2", "64"]);
  expect(valuesInLabel("seed 1", ["batch"])).toBeNull();
});

it("groups the completed runs of a search by setting, with means and importance", () => {
  const member = (run: number, label: string, value: number | null, status = "completed"): MemberRun =>
    ({ run, label, status, validationLoss: value }) as MemberRun;
  const labels = ["0.1", "0.01"].flatMap((rate) => ["8", "16", "32"].map((batch) => [rate, batch]));
  const members = labels.map(([rate, batch], i) =>
    member(i + 1, `learningRate ${rate}, batch ${batch}`, rate === "0.1" ? 0.9 : 0.3),
  );
  const results = searchResults(
    [...members, member(7, "learningRate 0.1, batch 8", 0.1, "running")],
    ["learningRate", "batch"],
    "validationLoss",
  );
  expect(results?.runs).toEqual([1, 2, 3, 4, 5, 6]);
  const [rate, batch] = results!.settings;
  expect(rate.groups.map(({ label, runs }) => [label, runs])).toEqual([
    ["0.01", 3],
    ["0.1", 3],
  ]);
  expect(rate.groups[0].mean).toBeCloseTo(0.3, 12);
  expect(rate.importance).toBeCloseTo(1, 12);
  expect(batch.importance).toBe(0);
  expect(searchResults(members.slice(0, 1), ["learningRate", "batch"], "validationLoss")).toBeNull();
});
