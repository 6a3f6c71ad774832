import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultPreparation, defaultTraining } from "../../contract/settings/defaults.ts";
import type { PreparationSummary } from "../../contract/domain/preparation.ts";
import { UNKNOWN_ORIGIN } from "../../contract/domain/dataset-records.ts";
import type { HealthReport } from "../../contract/domain/recordings.ts";
import type { EpochMetrics, TrainingResult } from "../../contract/domain/training.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

let folder: string;
let warnings: string[];
const open = (mode: "read" | "write" = "write"): Workspace =>
  openWorkspace(folder, mode, (message) => warnings.push(message));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy workspace-"));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const report: HealthReport = {
  records: [
    {
      name: "a",
      usable: true,
      rate: 360,
      length: 3600,
      leads: ["MLII", "V1"],
      beats: { N: 10, V: 2 },
      otherAnnotations: 1,
      comments: ["69 M"],
      findings: [{ severity: "warning", message: "Flat for 3 s.", fix: "" }],
    },
    {
      name: "b",
      usable: false,
      rate: 0,
      length: 0,
      leads: [],
      beats: {},
      otherAnnotations: 0,
      comments: [],
      findings: [{ severity: "damaged", message: "b.dat is missing.", fix: "Copy it." }],
    },
  ],
  findings: [{ severity: "note", message: "A stray file.", fix: "" }],
  usableRecords: 1,
  damagedRecords: 1,
  beats: { N: 10, V: 2 },
  seconds: 10,
};

const settings = defaultPreparation("intra-patient");
const summary: PreparationSummary = {
  settings,
  labels: ["N", "V"],
  counts: [
    {
      label: "N",
      found: 10,
      train: 6,
      validation: 2,
      test: 2,
      syntheticTrain: 0,
      syntheticValidation: 0,
      syntheticTest: 0,
    },
    {
      label: "V",
      found: 2,
      train: 6,
      validation: 0,
      test: 1,
      syntheticTrain: 5,
      syntheticValidation: 0,
      syntheticTest: 0,
    },
  ],
  totals: { train: 12, validation: 2, test: 3 },
  beats: 12,
  leftOut: { outsideRecord: 0, missingSamples: 0, symbols: {}, smallClasses: {}, records: [] },
  sharedRecords: ["a"],
  caveats: ["Beats of one patient are in several sets."],
};

const stored = report.records.map((record) => ({ ...UNKNOWN_ORIGIN, ...record }));

function addDataset(workspace: Workspace, fingerprint = "f".repeat(64)): number {
  const staged = workspace.stage("datasets");
  writeFileSync(join(staged.path, "a.dat"), "beats");
  return workspace.keep("datasets", staged, () =>
    workspace.datasets.add(
      { name: "test", source: "/x", fingerprint, createdAt: "2026-01-01T00:00:00Z", patientsFrom: null },
      { ...report, records: stored },
    ),
  );
}

function addRun(workspace: Workspace): number {
  const datasetId = addDataset(workspace);
  const preparationId = workspace.preparations.add({
    name: "",
    datasetId,
    settings,
    summary,
    fingerprint: "0".repeat(64),
    seconds: 1,
    createdAt: "2026-01-01T00:00:00Z",
  });
  return workspace.runs.add({ preparationId, settings: defaultTraining("ann"), createdAt: "2026-01-01T00:00:00Z" });
}

describe("a workspace", () => {
  it("keeps datasets, preparations and runs over a restart, value by value", () => {
    const workspace = open();
    const run = addRun(workspace);
    const epoch: EpochMetrics = {
      epoch: 1,
      trainLoss: 0.5,
      trainAccuracy: 0.75,
      validationLoss: 0.25,
      validationAccuracy: 0.875,
      validationMacroF1: 0.8,
      validationF1: [0.75, 0.85],
      learningRate: 0.001,
      seconds: 2,
      validationSeconds: 0.5,
    };
    const evaluation = {
      loss: 0.1,
      accuracy: 2 / 3,
      macroF1: 0.6,
      weightedF1: 0.65,
      perClass: [
        { label: "N", ppv: 1, sensitivity: 0.5, f1: 2 / 3, support: 2 },
        { label: "V", ppv: 0.5, sensitivity: 1, f1: 2 / 3, support: 1 },
      ],
      confusion: [
        [1, 1],
        [0, 1],
      ],
    };
    const result: TrainingResult = {
      bestEpoch: 1,
      epochs: [epoch],
      stoppedEarly: false,
      cancelled: false,
      test: evaluation,
      validation: evaluation,
      parameters: { trainable: 10, total: 12 },
      device: {
        backend: "tensorflow",
        description: "a processor",
        cores: 2,
        versions: { ectopy: "0", node: "24", tfjs: "4", tensorflow: "2" },
      },
      seconds: 3,
    };
    workspace.runs.start(run, "2026-01-01T00:00:01Z");
    workspace.runs.addEpoch(run, epoch);
    workspace.transaction(() => workspace.runs.finish(run, result, "2026-01-01T00:00:04Z"));
    workspace.close();

    const again = open();
    expect(again.runs.find(run)).toMatchObject({ status: "completed", settings: defaultTraining("ann"), result });
    expect(again.preparations.findBySettings({ id: 1, versions: [1] }, settings)?.summary).toEqual(summary);
    expect(again.preparations.findBySettings({ id: 1, versions: [1] }, { ...settings, seed: 1 })).toBeUndefined();
    expect(again.datasets.records(1)).toEqual(stored);
    expect(again.datasets.findings(1)).toEqual(report.findings);
    expect(existsSync(join(again.path("datasets", 1), "a.dat"))).toBe(true);
    again.close();
  });

  it("belongs to one process at a time; others can read", () => {
    const workspace = open();
    addDataset(workspace);
    expect(() => open()).toThrow(/in use by another Ectopy \(process \d+\)/);
    const reader = open("read");
    expect(reader.datasets.list()).toHaveLength(1);
    reader.close();
    workspace.close();
    open().close();
  });

  it("stores rows and files both or neither", () => {
    const workspace = open();
    addDataset(workspace);
    expect(() => addDataset(workspace)).toThrow(/UNIQUE/); // the same fingerprint
    expect(workspace.datasets.list()).toHaveLength(1);
    expect(readdirSync(join(folder, "datasets")).filter((name) => /^\d+$/.test(name))).toEqual(["1"]);
    workspace.close();
  });

  it("deletes folders that an interrupted process was writing, and nothing else", () => {
    const workspace = open();
    addDataset(workspace);
    workspace.stage("datasets"); // never committed
    mkdirSync(join(folder, "datasets", "99")); // without a manifest
    mkdirSync(join(folder, "datasets", "mine"));
    workspace.close();
    open().close();
    expect(readdirSync(join(folder, "datasets")).sort()).toEqual(["1", "mine"]);
    expect(readdirSync(join(folder, "unregistered"))).toEqual([expect.stringMatching(/^datasets-99-/)]);
    expect(warnings).toEqual([expect.stringMatching(/dataset 99 \(unregistered.*Nothing was deleted/)]);
  });

  it("deletes files that ended processes were writing, and none of a running process", () => {
    open().close();
    mkdirSync(join(folder, "backups"));
    const ended = "workspace.owner.999999999.partial";
    const running = `machine.json.${process.ppid}.partial`;
    for (const name of [ended, running, "backups/2026-01-01.sqlite.partial", "ectopy.sqlite.restored", "mine.txt"]) {
      writeFileSync(join(folder, name), "");
    }
    open().close();
    expect(readdirSync(join(folder, "backups"))).toEqual([]);
    const left = readdirSync(folder).filter((name) => /partial|restored|mine/.test(name));
    expect(left.sort()).toEqual([running, "mine.txt"]);
  });

  it("refuses changes after its folder was deleted or replaced", () => {
    const workspace = open();
    addDataset(workspace);
    rmSync(folder, { recursive: true });
    expect(() => workspace.transaction(() => 1)).toThrow(/was deleted, moved or replaced/);
    expect(() => workspace.stage("runs")).toThrow(/was deleted, moved or replaced/);
    mkdirSync(folder);
    writeFileSync(join(folder, "ectopy.sqlite"), "");
    expect(() => workspace.transaction(() => 1)).toThrow(/was deleted, moved or replaced/);
    workspace.close();
  });

  it("replaces a stored folder, and keeps the old one if that fails", () => {
    const workspace = open();
    const id = addDataset(workspace);
    const replace = (content: string, row: () => number): number => {
      const staged = workspace.stage("datasets");
      writeFileSync(join(staged.path, "a.dat"), content);
      return workspace.keep("datasets", staged, row);
    };
    expect(replace("new beats", () => id)).toBe(id);
    expect(readFileSync(join(workspace.path("datasets", id), "a.dat"), "utf8")).toBe("new beats");
    expect(workspace.damage("datasets", id, "content")).toEqual([]);
    expect(() => replace("lost", () => 77)).toThrow(); // a row that does not exist
    expect(readFileSync(join(workspace.path("datasets", id), "a.dat"), "utf8")).toBe("new beats");
    expect(existsSync(workspace.path("datasets", 77))).toBe(false);
    workspace.close();
  });

  it.each(["before the new folder was renamed", "before its row was stored", "before the old folder was deleted"])(
    "completes or undoes the replacement of a folder whose process ended %s",
    (moment) => {
      const workspace = open();
      const id = addDataset(workspace);
      const place = workspace.path("datasets", id);
      const holder = join(folder, "datasets", `.replaced-${id}-a1B2c3`);
      mkdirSync(holder);
      if (moment !== "before the new folder was renamed") cpSync(place, join(holder, "folder"), { recursive: true });
      else renameSync(place, join(holder, "folder"));
      if (moment === "before its row was stored") {
        writeFileSync(join(place, "a.dat"), "of a row that does not exist");
        workspace.transaction(() => {
          workspace.datasets.setSource(id, "/another");
          workspace.addManifest("datasets", id, []);
          workspace.datasets.setSource(id, "/x");
        });
      }
      workspace.close();
      const reopened = open();
      expect(readFileSync(join(place, "a.dat"), "utf8")).toBe("beats");
      expect(reopened.damage("datasets", id, "content")).toEqual([]);
      expect(readdirSync(join(folder, "datasets"))).toEqual([String(id)]);
      expect(warnings).toEqual([]);
      reopened.close();
    },
  );

  it("marks a run as interrupted if its process has ended", () => {
    const workspace = open();
    const run = addRun(workspace);
    workspace.runs.start(run, "2026-01-01T00:00:01Z");
    workspace.close();
    const again = open();
    expect(again.runs.find(run)?.status).toBe("interrupted");
    expect(warnings).toEqual([expect.stringContaining(`Run ${run} was interrupted`)]);
    again.close();
  });

  it("refuses impossible rows", () => {
    const workspace = open();
    const run = addRun(workspace);
    expect(() => workspace.runs.add({ preparationId: 77, settings: defaultTraining("cnn"), createdAt: "" })).toThrow(
      /FOREIGN KEY/,
    );
    expect(() => workspace.runs.end(run, "failed", null, "now")).toThrow(/CHECK/);
    workspace.close();
  });
});
