/** Runs as windows read them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addFinishedRun, addPreparation } from "../../../../tests/support/finished-runs.ts";
import { openServices, type Services } from "../compose.ts";

let folder: string;
let services: Services;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-runs-"));
  services = openServices(folder, { mode: "write", warn: () => {} });
  addPreparation(services.workspace);
  await addFinishedRun(services.workspace);
});
afterEach(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("runs", () => {
  it("lists a run until it is in the bin", () => {
    expect(services.runs.list().map(({ id }) => id)).toEqual([1]);
    expect(services.runs.overview(1)?.id).toBe(1);
    services.removal.remove("runs", 1);
    expect(services.runs.list()).toEqual([]);
    expect(services.runs.overview(1)).toBeNull();
  });

  it("keeps the tags where only the notes change", () => {
    services.runs.setRemarks(1, { tags: ["first"] });
    services.runs.setRemarks(1, { notes: "looks good", tags: undefined });
    expect(services.runs.overview(1)).toMatchObject({ notes: "looks good", tags: ["first"] });
  });

  it("adds and removes tags of several runs, of all or of none", async () => {
    await addFinishedRun(services.workspace);
    services.runs.setRemarks(1, { tags: ["first", "final"] });
    services.runs.tag([1, 2], { add: ["final", "paper"], remove: ["first"] });
    expect(services.runs.list().map(({ tags }) => tags)).toEqual([
      ["final", "paper"],
      ["final", "paper"],
    ]);
    expect(() => services.runs.tag([1, 9], { add: ["lost"], remove: [] })).toThrow("There is no run 9.");
    expect(services.runs.overview(1)?.tags).toEqual(["final", "paper"]);
  });

  it("removes and restores several runs, all or none", async () => {
    await addFinishedRun(services.workspace);
    expect(() => services.removal.removeAll("runs", [1, 9])).toThrow("There is no run 9.");
    expect(services.runs.list()).toHaveLength(2);
    services.removal.removeAll("runs", [1, 2]);
    expect(services.runs.list()).toEqual([]);
    services.removal.restoreAll("runs", [1, 2]);
    expect(services.runs.list()).toHaveLength(2);
  });

  it("lists the wrongly classified beats of a recording alone", () => {
    const details = services.results.run(1);
    const { truth, predicted } = services.testBeats.predictions(details);
    const wrong = truth.filter((label, i) => label !== predicted[i]).length;
    // The workspace of this test has no samples of beats.
    const query = { truth: null, predicted: null, order: "record", from: 0, count: 0 } as const;
    const total = (more: object): number => services.testBeats.find(details, { ...query, ...more }).total;
    expect(total({})).toBe(truth.length);
    expect(wrong).toBeGreaterThan(0);
    expect(total({ errors: true, record: "a" })).toBe(wrong);
    expect(total({ record: "b" })).toBe(0);
  });

  it("gives results by recording, without intervals where all are of one patient", async () => {
    const results = await services.comparison.byPatient(1);
    expect(results).toMatchObject({ labels: ["N", "V", "A", "a"], intervals: null });
    expect(results?.recordings).toHaveLength(1);
    const [{ record, beats, errors, accuracy }] = results!.recordings;
    expect([record, beats]).toEqual(["a", 52]);
    expect(accuracy).toBeCloseTo(1 - errors / beats, 12);
  });

  it("counts the looks at a test set, and those of deleted runs too", async () => {
    const { workspace, results, runs } = services;
    await addFinishedRun(workspace, { seed: 2 });
    expect(results.run(1).looks).toEqual({ looks: 2, position: 1, sameRecordings: 0 });
    expect(runs.looks(2).map(({ changes }) => changes)).toEqual([[], [{ name: "training.seed", value: "2" }]]);
    expect(workspace.testLooks.mostOf([2, 1])).toEqual({ looks: 2, position: 1, sameRecordings: 0 });
    expect(workspace.testLooks.mostOf([])).toBeNull();
    services.removal.remove("runs", 1);
    await workspace.emptyBin();
    expect(results.run(2).looks).toEqual({ looks: 2, position: 2, sameRecordings: 0 });
    expect(runs.looks(2)).toMatchObject([
      { run: 1, isDeleted: true, network: "Tiny", preparation: 1 },
      { run: 2, isDeleted: false },
    ]);
  });

  it("refuses to explain a beat or a class that does not exist", async () => {
    const { explanations } = services;
    await expect(explanations.explain(1, { number: 1000, label: 0 })).rejects.toThrow(
      "has no beat 1001 in its test set",
    );
    await expect(explanations.explain(1, { number: 0, label: 9 })).rejects.toThrow("has no class 10");
  });

  it("refuses the number of a run that does not exist", () => {
    const { runs } = services;
    const reads = [
      () => runs.epochs(9),
      () => runs.steps(9, 10),
      () => runs.evaluation(9, "test"),
      () => runs.log(9),
      () => runs.looks(9),
      () => runs.setRemarks(9, { notes: "" }),
    ];
    for (const read of reads) expect(read).toThrow("There is no run 9.");
  });
});
