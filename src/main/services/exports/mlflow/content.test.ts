import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  addFinishedRun,
  addPreparation,
  FINISHED,
  LABELS,
  STARTED,
  STEPS_PER_EPOCH,
} from "../../../../../tests/support/finished-runs.ts";
import { readYaml } from "../../../workers/mlflow-experiments.ts";
import { readKerasModel } from "../../../../engine/exchange/keras-model.ts";
import { evaluationIntervals } from "../../../../pipeline/evaluation/intervals.ts";
import { hashFolder } from "../../../store/manifest.ts";
import { openWorkspace, type Workspace } from "../../../store/workspace.ts";
import { createServices, type Services } from "../../compose.ts";
import { storedModels } from "../../runs/stored-model.ts";
import { stampOf } from "./content.ts";
import { MAX_STEP_POINTS } from "./metrics.ts";
import type { MlflowRun } from "./mlflow-run.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy mlflow-"));
let workspace: Workspace;
let services: Services;
let run: MlflowRun;

beforeAll(async () => {
  workspace = openWorkspace(folder, "write", () => {});
  addPreparation(workspace);
  await addFinishedRun(workspace);
  services = createServices(workspace, () => {});
  run = await services.exports.mlflowRun(1);
});
afterAll(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

const curve = (key: string, of = run) => of.points.filter((point) => point.key === key);
const bytesOf = async (path: string): Promise<Buffer> => run.files.find((file) => file.path === path)!.bytes();
const textOf = async (path: string): Promise<string> => (await bytesOf(path)).toString("utf8");
const stored = () => workspace.runs.find(1)!.result!;

describe("a run for MLflow", () => {
  it("names all that was chosen", () => {
    expect(run.params).toMatchObject({
      network: "Tiny",
      "layer.01": "dense-1: dense, units=3, activation=relu",
      "layer.output": "dense, units=4, activation=softmax",
      dropout: "0.2",
      batch: "16",
      learning_rate: "0.001",
      optimizer: "adam",
      "optimizer.beta1": "0.9",
      schedule: "constant",
      "preparation.protocol": "intra-patient",
      "preparation.fractions": "0.6, 0.2, 0.2",
      "preparation.records": "all",
      classes: "N, V, A, a",
    });
    // Nothing that is ever added to the settings is left out.
    const { settings } = workspace.runs.find(1)!;
    const names = Object.keys(run.params).map((name) => name.replaceAll(/[_.]/g, ""));
    for (const key of Object.keys(settings))
      expect(names.some((name) => name.startsWith(key.toLowerCase()))).toBe(true);
    for (const key of Object.keys(workspace.preparations.find(1)!.settings)) {
      expect(names).toContain(`preparation${key.toLowerCase()}`);
    }
  });

  it("has each epoch's figures at the time they were reached", () => {
    const { epochs } = stored();
    expect(curve("validation_loss")).toEqual(
      epochs.map(({ epoch, validationLoss }) => ({
        key: "validation_loss",
        value: validationLoss,
        // 2 s of training and 0.5 s of validation an epoch.
        timestamp: Date.parse(STARTED) + 2500 * epoch,
        step: epoch,
      })),
    );
    expect(curve("validation_f1/a-small").map(({ value }) => value)).toEqual(
      epochs.map(({ validationF1 }) => validationF1[LABELS.indexOf("a")]),
    );
    for (const key of ["train_loss", "train_accuracy", "validation_accuracy", "validation_macro_f1", "learning_rate"]) {
      expect(curve(key)).toHaveLength(epochs.length);
    }
    expect([run.startTime, run.endTime]).toEqual([Date.parse(STARTED), Date.parse(FINISHED)]);
  });

  it("has each step, and the whole curve in a file where there are more than can be drawn", async () => {
    const { losses } = workspace.runs.steps(1);
    expect(curve("step_loss").map(({ step }) => step)).toEqual(Array.from(losses, (_, i) => i + 1));
    expect(curve("step_loss").map(({ value }) => value)).toEqual([...losses]);
    const long = await addFinishedRun(workspace, { epochs: 2 * (MAX_STEP_POINTS / STEPS_PER_EPOCH), seed: 5 });
    const content = await services.exports.mlflowRun(long);
    expect(curve("step_accuracy", content)).toHaveLength(MAX_STEP_POINTS);
    const rows = (await content.files.find(({ path }) => path === "curves/steps.csv")!.bytes())
      .toString()
      .split("\r\n");
    expect(rows).toHaveLength(1 + 2 * MAX_STEP_POINTS + 1);
    const values = rows.slice(1, -1).map((row) => Math.fround(Number(row.split(",")[1])));
    expect(values).toEqual([...workspace.runs.steps(long).losses]);
  });

  it("has the metrics on the test set, class by class", async () => {
    const { test, bestEpoch } = stored();
    const figure = (key: string): number => {
      const [point, ...more] = curve(key);
      expect(more).toEqual([]);
      expect([point.step, point.timestamp]).toEqual([bestEpoch, Date.parse(FINISHED)]);
      return point.value;
    };
    const areas = await services.comparison.curves(1);
    const intervals = evaluationIntervals(test.confusion).perClass;
    expect(figure("test_accuracy")).toBe(test.accuracy);
    expect(figure("test_macro_auroc")).toBe(areas.averages.macroRocArea);
    expect(figure("test_macro_average_precision")).toBe(areas.averages.macroAveragePrecision);
    expect(figure("test_macro_f1")).toBe(test.macroF1);
    expect(figure("test_weighted_f1")).toBe(test.weightedF1);
    for (const [key, { ppv, sensitivity, f1, support }] of ["N", "V", "A", "a-small"].map(
      (k, i) => [k, test.perClass[i]] as const,
    )) {
      expect(figure(`test_ppv/${key}`)).toBe(ppv);
      expect(figure(`test_sensitivity/${key}`)).toBe(sensitivity);
      expect(figure(`test_f1/${key}`)).toBe(f1);
      const number = LABELS.indexOf(key === "a-small" ? "a" : key);
      expect(figure(`test_specificity/${key}`)).toBe(intervals[number].specificity);
      expect(figure(`test_auroc/${key}`)).toBe(areas.perClass[number].rocArea);
      expect(figure(`test_average_precision/${key}`)).toBe(areas.perClass[number].averagePrecision);
      expect(figure(`test_support/${key}`)).toBe(support);
    }
    expect(JSON.parse(await textOf("evaluation/confusion-matrix.json"))).toEqual({
      labels: LABELS,
      confusion: test.confusion,
    });
    const [header, first] = (await textOf("evaluation/confusion-matrix.csv")).split("\r\n");
    expect([header, first]).toEqual(["true class,N,V,A,a", `N,${test.confusion[0].join(",")}`]);
    const [columns, ofN] = (await textOf("evaluation/per-class.csv")).split("\r\n");
    expect(columns).toBe("class,sensitivity,specificity,ppv,f1,AUROC,average precision,support");
    expect(ofN.split(",").slice(2, 7).map(Number)).toEqual([
      intervals[0].specificity,
      test.perClass[0].ppv,
      test.perClass[0].f1,
      areas.perClass[0].rocArea,
      areas.perClass[0].averagePrecision,
    ]);
    expect((await bytesOf("evaluation/confusion-matrix.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  it("has the model with what MLflow needs to load it", async () => {
    expect(readYaml(await textOf("model/MLmodel"))).toMatchObject({
      flavors: {
        python_function: { loader_module: "mlflow.tensorflow", data: "data" },
        tensorflow: { model_type: "keras", save_format: "h5", data: "data" },
      },
      signature: { inputs: '[{"type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,20]}}]' },
      // A text, not a date.
      utc_time_created: "2026-01-01 10:02:00.000000",
    });
    const file = join(folder, "again.h5");
    writeFileSync(file, await bytesOf("model/data/model.h5"));
    const { model, about } = await readKerasModel(file);
    expect(model.weights.get("output")).toEqual(
      storedModels(services.workspace, services.results.run(1))[0].weights.get("output"),
    );
    expect(about).toEqual(JSON.parse(await textOf("model-card.json")));
  });

  it("says what the figures can't show, and tells nobody where the recordings lie", async () => {
    expect(run.tags["mlflow.note.content"]).toMatch(
      /intra-patient.*beats in both training and test set.*Not a medical device/s,
    );
    expect(run.dataset).toMatchObject({ name: "Clinic, May", digest: "d".repeat(32) });
    const files = await Promise.all(run.files.map(async ({ bytes }) => (await bytes()).toString("latin1")));
    expect(JSON.stringify(run) + files.join("")).not.toMatch(/home.someone/);
  });

  it("has another stamp where anything has changed, and only then", async () => {
    const again = async (): Promise<string> => stampOf(await services.exports.mlflowRun(1));
    const before = await again();
    expect(await again()).toBe(before);
    workspace.remarks.set(1, { name: "", notes: "Repeat this one.", tags: ["best"] });
    const noted = await services.exports.mlflowRun(1);
    expect(stampOf(noted)).not.toBe(before);
    expect(noted.tags).toMatchObject({ "ectopy.tags": "best", "ectopy.notes": "Repeat this one." });
    expect(noted.tags["mlflow.note.content"]).toMatch(/^Repeat this one\./);
    workspace.remarks.set(1, { name: "", notes: "", tags: [] });
    expect(await again()).toBe(before);
    workspace.remarks.set(1, { name: "Final", notes: "", tags: [] });
    const named = await services.exports.mlflowRun(1);
    expect(stampOf(named)).not.toBe(before);
    expect(named.name).toMatch(/^Ectopy run 1: Final \(.+, seed \d+\)$/);
    expect(named.tags["mlflow.runName"]).toBe(named.name);
    workspace.remarks.set(1, { name: "", notes: "", tags: [] });
    expect(await again()).toBe(before);
    writeFileSync(join(workspace.path("runs", 1), "weights.bin"), "other");
    await expect(again()).rejects.toThrow(/has changed since it was stored: weights\.bin/);
    workspace.addManifest("runs", 1, hashFolder(workspace.path("runs", 1)));
    expect(await again()).not.toBe(before);
  });
});
