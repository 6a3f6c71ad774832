/** A workspace whose database is lost or older than its folders: no stored data is lost. */
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { defaultTraining } from "../../contract/settings/defaults.ts";
import { addFinishedRun, addPreparation } from "../../../tests/support/finished-runs.ts";
import { makeBackup } from "./backups.ts";
import Database from "better-sqlite3";
import { MANIFEST_FILE } from "./manifest.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

const root = mkdtempSync(join(tmpdir(), "ectopy-recovery-"));
const whole = join(root, "whole");
let folder: string;
let copies = 0;
let warnings: string[];

const open = (): Workspace => openWorkspace(folder, "write", (message) => warnings.push(message));
const database = (): string => join(folder, "ectopy.sqlite");

/** Everything that a user sees of a workspace. */
function stateOf(workspace: Workspace): unknown {
  const { datasets, preparations, runs, runLog, remarks, experiments } = workspace;
  return {
    datasets: datasets.list().map((each) => [each, datasets.records(each.id), datasets.findings(each.id)]),
    preparations: preparations.list(),
    runs: runs
      .list()
      .map((run) => [run, runs.epochs(run.id), runs.steps(run.id), runLog.ofRun(run.id), remarks.find(run.id)]),
    experiments: experiments.list().map((each) => [each, experiments.members(each.id)]),
  };
}

let before: unknown;
beforeAll(async () => {
  folder = whole;
  warnings = [];
  const workspace = open();
  addPreparation(workspace);
  const run = await addFinishedRun(workspace);
  const experiment = workspace.experiments.add({
    name: "Seeds",
    plan: { kind: "repeats", times: 2 },
    metric: "validation-loss",
    createdAt: "2026-01-01T00:00:00Z",
  });
  workspace.experiments.addRun(experiment, run, "seed 1");
  workspace.remarks.set(run, { name: "", notes: "Keep.", tags: ["final"] });
  // When a second run of the experiment ends, its folder describes the experiment.
  const second = await addFinishedRun(workspace, { seed: 2 });
  workspace.experiments.addRun(experiment, second, "seed 2");
  for (const id of [run, second]) workspace.addManifest("runs", id, []);
  before = stateOf(workspace);
  workspace.close();
  expect(warnings).toEqual([]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeEach(() => {
  folder = join(root, `copy-${copies++}`);
  cpSync(whole, folder, { recursive: true });
  // A copy has the system's default rights, of which the user would be warned.
  chmodSync(folder, 0o700);
  warnings = [];
});

/** Expects all data, also after another start. */
function expectAll(): void {
  for (let start = 0; start < 2; start++) {
    const workspace = open();
    expect(stateOf(workspace)).toEqual(before);
    workspace.close();
  }
  expect(readdirSync(join(folder, "runs")).sort()).toEqual(["1", "2"]);
}

describe("a workspace", () => {
  it.for([
    { what: "deleted", damage: () => rmSync(database()) },
    { what: "emptied", damage: () => writeFileSync(database(), "") },
    { what: "overwritten", damage: () => writeFileSync(database(), Buffer.alloc(20_000, 7)) },
  ])("is registered again from its folders after its database was $what, without a backup", ({ damage }) => {
    damage();
    expectAll();
    expect(warnings[1]).toMatch(/Registered again.*: dataset 1, preparation 1, run 1, run 2\./);
  });

  it("keeps folders that are newer than the restored backup", async () => {
    const connection = new Database(database());
    makeBackup(connection, join(folder, "backups"), "before");
    connection.close();
    const workspace = open();
    const run = await addFinishedRun(workspace, { seed: 3 });
    workspace.close();
    writeFileSync(database(), Buffer.alloc(4096, 1));
    const restored = open();
    expect(restored.runs.find(run)?.status).toBe("completed");
    expect(restored.runs.list()).toHaveLength(3);
    expect(warnings).toEqual([expect.stringMatching(/backup of .* was restored/), expect.stringMatching(/: run 3\./)]);
    // New numbers follow those that were registered again.
    expect(restored.runs.add({ preparationId: 1, settings: defaultTraining("ann"), createdAt: "now" })).toBe(4);
    restored.close();
  });

  it("completes a run whose process ended after its folder and before its row was stored", async () => {
    const workspace = open();
    const run = await addFinishedRun(workspace, { seed: 3 });
    const after = stateOf(workspace);
    workspace.close();
    const connection = new Database(database());
    connection.exec(`
      UPDATE runs SET status = 'running', finished_at = NULL, best_epoch = NULL,
        settings = json_set(settings, '$.microBatches', 0, '$.threads', 0) WHERE id = ${run};
      DELETE FROM evaluations WHERE run_id = ${run}`);
    connection.close();
    const again = open();
    expect(stateOf(again)).toEqual(after);
    again.close();
  });

  it("moves folders without a manifest, and deletes nothing", () => {
    rmSync(database());
    rmSync(join(folder, "datasets", "1", MANIFEST_FILE));
    const model = readFileSync(join(folder, "runs", "1", "weights.bin"));
    const workspace = open();
    expect(workspace.datasets.list()).toEqual([]);
    workspace.close();
    const aside = readdirSync(join(folder, "unregistered")).sort();
    expect(aside.map((name) => name.replace(/-\d{4}-.*/, ""))).toEqual([
      "datasets-1",
      "preparations-1",
      "runs-1",
      "runs-2",
    ]);
    expect(readFileSync(join(folder, "unregistered", aside[2], "weights.bin"))).toEqual(model);
  });

  it("refuses a manifest in another folder", () => {
    const workspace = open();
    workspace.close();
    renameSync(join(folder, "runs", "2"), join(folder, "runs", "9"));
    const again = open();
    expect(again.runs.find(9)).toBeUndefined();
    again.close();
    expect(warnings).toEqual([expect.stringMatching(/Moved, because.*run 9/)]);
  });
});

describe("a value that changed inside the database", () => {
  it.for([
    {
      what: "a metric",
      change: "UPDATE epochs SET train_accuracy = 0.123 WHERE run_id = 1 AND epoch = 1",
      kind: "runs",
    },
    { what: "a name", change: "UPDATE records SET name = 'x'", kind: "datasets" },
    {
      what: "a count",
      change: "UPDATE preparations SET summary = json_set(summary, '$.beats', 1)",
      kind: "preparations",
    },
  ] as const)("is found by the folder's manifest: $what", ({ change, kind }) => {
    const workspace = open();
    for (const each of ["datasets", "preparations", "runs"] as const) {
      expect(workspace.agreesWithManifest(each, 1)).toBe(true);
    }
    workspace.remarks.set(1, { name: "", notes: "Written later.", tags: [] });
    expect(workspace.agreesWithManifest("runs", 1)).toBe(true);
    workspace.close();
    const connection = new Database(database());
    connection.pragma("foreign_keys = OFF");
    connection.exec(change);
    connection.close();
    const changed = open();
    expect(changed.agreesWithManifest(kind, 1)).toBe(false);
    changed.close();
  });
});

describe("a checkpoint", () => {
  /** A run that is under way, with a checkpoint after its first epoch. */
  function interruptedRun(workspace: Workspace): number {
    const run = workspace.runs.add({ preparationId: 1, settings: defaultTraining("ann"), createdAt: "2026-02-02" });
    workspace.runs.start(run, "2026-02-02");
    workspace.runs.addEpoch(run, { ...workspace.runs.epochs(1)[0], epoch: 1 });
    workspace.runs.addSteps(run, { firstStep: 1, losses: Float32Array.of(3, 2), accuracies: Float32Array.of(0, 1) });
    const staged = workspace.stage("checkpoints");
    writeFileSync(join(staged.path, "weights.f32"), "weights");
    const checkpoint = { runId: run, sha256: "a".repeat(64), epochs: 1, steps: 2, createdAt: "2026-02-02" };
    workspace.keep("checkpoints", staged, () => workspace.checkpoints.add(checkpoint));
    return run;
  }

  it("restores the run that the database lost, as interrupted", () => {
    const workspace = open();
    const run = interruptedRun(workspace);
    workspace.close();
    rmSync(database());
    const again = open();
    expect(again.runs.find(run)).toMatchObject({ status: "interrupted", settings: defaultTraining("ann") });
    expect(again.runs.epochs(run)).toHaveLength(1);
    expect([...again.runs.steps(run).losses]).toEqual([3, 2]);
    expect(again.checkpoints.ofRun(run)).toMatchObject([{ sha256: "a".repeat(64), epochs: 1, steps: 2 }]);
    again.close();
  });

  it("is deleted if its run has ended", () => {
    const workspace = open();
    const staged = workspace.stage("checkpoints");
    const checkpoint = { runId: 1, sha256: "a".repeat(64), epochs: 1, steps: 2, createdAt: "2026-02-02" };
    workspace.keep("checkpoints", staged, () => workspace.checkpoints.add(checkpoint));
    workspace.close();
    const again = open();
    expect(again.checkpoints.ids()).toEqual([]);
    expect(readdirSync(join(folder, "checkpoints"))).toEqual([]);
    again.close();
    expect(warnings).toEqual([]);
  });
});

describe("the bin", () => {
  it("keeps removed items over a restart, and deletes rows and folders when it is emptied", async () => {
    let workspace = open();
    workspace.removed.add("runs", 1, "2026-01-01T00:00:00Z");
    workspace.close();
    workspace = open();
    expect(workspace.removed.list()).toMatchObject([{ kind: "runs", id: 1 }]);
    expect(await workspace.emptyBin(new Date("2025-12-31"))).toEqual([]);
    expect(await workspace.emptyBin()).toMatchObject([{ kind: "runs", id: 1 }]);
    expect(workspace.runs.find(1)).toBeUndefined();
    expect(readdirSync(join(folder, "runs"))).toEqual(["2"]);
    workspace.close();
    workspace = open();
    expect(workspace.runs.list().map(({ id }) => id)).toEqual([2]);
    workspace.close();
    expect(warnings).toEqual([]);
  });

  it("keeps items that an item outside of it depends on", async () => {
    const workspace = open();
    const at = "2026-01-01T00:00:00Z";
    for (const kind of ["runs", "preparations", "datasets"] as const) workspace.removed.add(kind, 1, at);
    expect((await workspace.emptyBin()).map(({ kind }) => kind)).toEqual(["runs"]); // run 2 depends on the others
    workspace.removed.add("runs", 2, at);
    expect((await workspace.emptyBin()).map(({ kind }) => kind)).toEqual(["runs", "preparations", "datasets"]);
    expect(workspace.datasets.list()).toEqual([]);
    expect(readdirSync(join(folder, "datasets"))).toEqual([]);
    workspace.close();
  });
});
