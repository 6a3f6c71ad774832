/** Comparisons of runs across preparations. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addFinishedRun, addPreparation, LABELS } from "../../../../tests/support/finished-runs.ts";
import type { Workspace } from "../../store/workspace.ts";
import { PreparationFiles } from "../preparations/preparation-files.ts";
import { openServices, type Services } from "../compose.ts";

let folder: string;
let services: Services;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-comparison-"));
  services = openServices(folder, { mode: "write", warn: () => {} });
});
afterEach(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Adds preparation 2: the beats of preparation 1, filtered otherwise, with its test set in reversed order. */
function addReversed(workspace: Workspace, hash?: string): void {
  const first = workspace.preparations.find(1)!;
  const staged = workspace.stage("preparations");
  cpSync(workspace.path("preparations", 1), staged.path, { recursive: true });
  const test = new PreparationFiles(staged.path, { kind: "preparations", id: 1 }).array("test.u32");
  writeFileSync(join(staged.path, "test.u32"), test.toReversed());
  workspace.keep("preparations", staged, () =>
    workspace.preparations.add({
      ...first,
      settings: { ...first.settings, denoising: "none" },
      summary: { ...first.summary, ...(hash === undefined ? {} : { testSetHash: hash }) },
      fingerprint: "e".repeat(64),
    }),
  );
}

/** Returns predictions in the order of a test set: certain, and correct but for every third beat. */
function predictionsFor(workspace: Workspace, preparation: number): Float32Array {
  const folder = workspace.path("preparations", preparation);
  const prepared = new PreparationFiles(folder, { kind: "preparations", id: preparation });
  const classOf = prepared.array("classes.u8");
  const rows = Array.from(prepared.array("test.u32"), (beat) => {
    const predicted = beat % 3 === 0 ? (classOf[beat] + 1) % LABELS.length : classOf[beat];
    return LABELS.map((_, label) => (label === predicted ? 1 : 0));
  });
  return Float32Array.from(rows.flat());
}

async function addRunsOfBoth(hash?: string): Promise<void> {
  const { workspace } = services;
  addPreparation(workspace, undefined, hash);
  addReversed(workspace, hash);
  for (const preparation of [1, 2]) {
    await addFinishedRun(workspace, { preparation, probabilities: predictionsFor(workspace, preparation) });
  }
}

it("pairs predictions by beat where two preparations have the same test beats in another order", async () => {
  await addRunsOfBoth("f".repeat(64));
  const paired = services.comparison.paired(1, 2);
  expect(paired).toMatchObject({ onlyOneCorrect: 0, onlyOtherCorrect: 0, pValue: 1 });
  expect(paired.bothCorrect).toBeGreaterThan(0);
  expect(paired.bothWrong).toBeGreaterThan(0);
  const [one, other] = services.comparison.compare([1, 2]).runs;
  expect(one.testKey).toBe(other.testKey);
  expect(other.looks).toMatchObject({ looks: 2, sameRecordings: 0 });
  const [listed, alsoListed] = services.runs.list();
  expect([listed.testKey, alsoListed.testKey]).toEqual([one.testKey, one.testKey]);
});

it("refuses to pair runs whose preparations do not show that their test beats are the same", async () => {
  await addRunsOfBoth();
  expect(() => services.comparison.paired(1, 2)).toThrow("Runs 1 and 2 were tested on different beats.");
});
