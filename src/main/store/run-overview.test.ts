import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addFinishedRun, addPreparation, LABELS, tinyNetwork } from "../../../tests/support/finished-runs.ts";
import { temporaryFolder } from "../../../tests/support/command-line.ts";
import { defaultTraining } from "../../contract/settings/defaults.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

let folder: ReturnType<typeof temporaryFolder>;
let workspace: Workspace;
let run: number;
beforeEach(() => {
  folder = temporaryFolder();
  workspace = openWorkspace(folder.path, "write", () => {});
  addPreparation(workspace);
  const settings = { ...defaultTraining("ann"), network: tinyNetwork };
  run = workspace.runs.add({ preparationId: 1, settings, createdAt: "2026-01-01T10:00:00.000Z" });
});
afterEach(() => {
  workspace.close();
  folder.remove();
});

/** Replaces a JSON column of the run. */
function store(column: "settings" | "error" | "device", value: unknown): void {
  const database = new Database(workspace.databasePath);
  database.prepare(`UPDATE runs SET ${column} = ? WHERE id = ?`).run(JSON.stringify(value), run);
  database.close();
}

describe("the overview of runs", () => {
  it("shows a run that was stored before optimizers could be chosen, with the settings of that time", () => {
    const { network, epochs, batch, learningRate, patience, stepsPerEpoch, seed, threads } = defaultTraining("ann");
    store("settings", { network, epochs, batch, learningRate, patience, stepsPerEpoch, seed, threads });
    const [{ settings }] = workspace.runOverviews.list();
    expect(settings).toMatchObject({
      network: "ann",
      optimizer: { kind: "adam" },
      schedule: { kind: "constant" },
      clipping: { kind: "none" },
      precision: "float32",
    });
    expect(workspace.runs.find(run)?.settings).toEqual(settings);
  });

  it("shows a device that was stored without memory and GPU", () => {
    const device = {
      backend: "tensorflow",
      description: "A processor",
      cores: 2,
      versions: { ectopy: "0.1.0", node: "24.0.0", tfjs: "4.22.0", tensorflow: "2.9.1" },
    };
    store("device", device);
    expect(workspace.runOverviews.find(run)?.device).toEqual(device);
  });

  it("keeps the damaged item that an error of a run names", () => {
    const error = { code: "damaged-file", message: "m", fix: "f", subject: { kind: "preparations", id: 1 } };
    store("error", error);
    expect(workspace.runOverviews.find(run)?.error).toEqual(error);
  });

  it.each([
    ["settings", { network: 7 }],
    ["error", { code: "no such code", message: "", fix: "" }],
    ["device", ["tensorflow"]],
  ] as const)("names the run and the column of a damaged value: %s", (column, value) => {
    store(column, value);
    const damage = { code: "damaged-file", message: expect.stringContaining(`the ${column} of run ${run}`) as string };
    for (const read of [() => workspace.runOverviews.list(), () => workspace.runs.list()]) {
      expect(read).toThrow(expect.objectContaining(damage) as Error);
    }
  });

  it("allows opening a workspace with a damaged value", () => {
    store("settings", {});
    workspace.close();
    workspace = openWorkspace(folder.path, "write", () => {});
    expect(workspace.runs.has(run)).toBe(true);
    expect(workspace.preparations.list()).toHaveLength(1);
  });

  it("has the metrics of each class on the test set, newest run first, without runs in the bin", async () => {
    for (const seed of [1, 2, 3]) await addFinishedRun(workspace, { seed });
    workspace.removed.add("runs", run + 3, "2026-01-02T10:00:00.000Z");
    const { labels, ...table } = workspace.runOverviews.classMetrics();
    expect(labels).toEqual(LABELS);
    expect([...table.run]).toEqual([...Array<number>(4).fill(run + 2), ...Array<number>(4).fill(run + 1)]);
    const { perClass } = workspace.runs.evaluation(run + 2, "test")!;
    for (const metric of ["sensitivity", "ppv", "f1"] as const) {
      expect([...table[metric].subarray(0, 4)]).toEqual(perClass.map((each) => each[metric]));
    }
  });
});
