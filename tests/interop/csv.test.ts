/**
 * Exported tables in Python: the csv module reads back what was written. From the predictions alone, scikit-learn,
 * SciPy and pandas reproduce the metrics of the other tables. ECTOPY_PYTHON names the Python.
 */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createServices } from "../../src/main/services/compose.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { askPython, python } from "../support/python.ts";
import { HOSTILE_NOTES, trainedWorkspace, type TrainedWorkspace } from "../support/trained-workspace.ts";

const SCRIPT = `
import csv, json, sys
import numpy as np
try:
    import pandas as pd
    from scipy.stats import binomtest
    from sklearn.metrics import average_precision_score, confusion_matrix, f1_score, roc_auc_score
except ImportError:
    print("null")
    sys.exit()

folder = json.load(sys.stdin)
names = ["runs", "epochs", "per-class", "confusion", "predictions"]
raw, shapes = {}, {}
for name in names:
    with open(f"{folder}/{name}.csv", encoding="utf-8", newline="") as file:
        raw[name] = list(csv.reader(file, strict=True))
    shapes[name] = sorted({len(row) for row in raw[name]})
# A class may be called NA or nan: an empty field alone is missing.
table = {name: pd.read_csv(f"{folder}/{name}.csv", keep_default_na=False, na_values=[""], float_precision="round_trip")
         for name in names}

worst = {"confusion": 0, "accuracy": 0.0, "f1": 0.0, "roc": 0.0, "precision": 0.0, "interval": 0.0, "sum": 0.0}
for run, beats in table["predictions"].groupby("run"):
    classes = table["per-class"][table["per-class"].run == run].set_index("class")
    labels = list(classes.index)
    probabilities = beats[[f"probability_{label}" for label in labels]].to_numpy()
    worst["sum"] = max(worst["sum"], np.abs(probabilities.sum(1) - 1).max())
    assert (np.array(labels)[probabilities.argmax(1)] == beats.predicted_class).all()
    counted = confusion_matrix(beats.true_class, beats.predicted_class, labels=labels)
    cells = table["confusion"][table["confusion"].run == run].pivot(
        index="true_class", columns="predicted_class", values="beats").loc[labels, labels].to_numpy()
    worst["confusion"] = max(worst["confusion"], int(np.abs(counted - cells).max()))
    line = table["runs"][table["runs"].run == run].iloc[0]
    right = int((beats.true_class == beats.predicted_class).sum())
    worst["accuracy"] = max(worst["accuracy"], abs(line.test_accuracy - right / len(beats)))
    f1 = f1_score(beats.true_class, beats.predicted_class, labels=labels, average=None, zero_division=0)
    worst["f1"] = max(worst["f1"], np.abs(f1 - classes.f1).max())
    def interval(hits, trials, low, high):
        theirs = binomtest(int(hits), int(trials)).proportion_ci(method="wilson")
        worst["interval"] = max(worst["interval"], abs(theirs.low - low), abs(theirs.high - high))
    interval(right, len(beats), line.test_accuracy_low, line.test_accuracy_high)
    for i, (label, c) in enumerate(classes.iterrows()):
        truth = (beats.true_class == label).to_numpy()
        assert truth.sum() == c.beats and (beats.predicted_class == label).sum() == c.predicted_beats
        assert beats.synthetic[truth].sum() == c.synthetic_beats
        if 0 < c.beats < len(beats):
            interval(c.correct_beats, c.beats, c.sensitivity_low, c.sensitivity_high)
            worst["roc"] = max(worst["roc"], abs(roc_auc_score(truth, probabilities[:, i]) - c.roc_area))
            worst["precision"] = max(worst["precision"],
                                     abs(average_precision_score(truth, probabilities[:, i]) - c.average_precision))
        if c.predicted_beats > 0:
            interval(c.correct_beats, c.predicted_beats, c.ppv_low, c.ppv_high)
        else:
            assert np.isnan(c.ppv_low)

predictions = table["predictions"]
synthetic = predictions[predictions.synthetic]
assert synthetic[["towards_record", "towards_sample", "way"]].notna().all(axis=None)
assert predictions[~predictions.synthetic][["towards_record", "towards_sample", "way"]].isna().all(axis=None)
assert synthetic.way.between(0, 1).all()
runs = [dict(zip(raw["runs"][0], row)) for row in raw["runs"][1:]]
json.dump({"shapes": shapes, "worst": {k: float(v) for k, v in worst.items()}, "notes": runs[0]["notes"], "names": [runs[0]["name"], runs[0]["preparation_name"]], "tags": runs[0]["tags"],
           "rates": [float(run["training.learningRate"]) for run in runs], "synthetic": len(synthetic),
           "beats": len(predictions)}, sys.stdout)
`;

interface Answer {
  /** Numbers of fields in the lines of each table; one number where all lines have the same. */
  shapes: Record<string, number[]>;
  worst: Record<string, number>;
  notes: string;
  /** Of run 1 and its preparation. */
  names: string[];
  tags: string;
  rates: number[];
  synthetic: number;
  beats: number;
}

let trained: TrainedWorkspace | undefined;
let answer: Answer | null = null;
let synthetic = 0;
let beats = 0;

beforeAll(async () => {
  if (python === undefined) return;
  trained = await trainedWorkspace();
  const warn = (message: string): void => {
    throw new Error(message);
  };
  const workspace = openWorkspace(trained.options.workspace, "read", warn);
  const { reports, results } = createServices(workspace, warn);
  const watch = { progress: () => {}, signal: new AbortController().signal };
  const { place } = await reports.csv([1, 2, 3], join(trained.folder, "tables"), watch);
  for (const id of [1, 2, 3]) {
    const { counts } = results.run(id).preparation.summary;
    beats += counts.reduce((sum, { test }) => sum + test, 0);
    synthetic += counts.reduce((sum, { syntheticTest }) => sum + syntheticTest, 0);
  }
  workspace.close();
  answer = await askPython<Answer | null>(SCRIPT, place);
});
afterAll(() => trained?.remove());

const missing = "needs the Python tools with pandas (npm run setup -- python)";

it("is read by Python's csv module: lines of equal length, names and notes unchanged", (ctx) => {
  if (answer === null) return ctx.skip(missing);
  for (const lengths of Object.values(answer.shapes)) expect(lengths).toHaveLength(1);
  expect(answer.notes).toBe(`'${HOSTILE_NOTES}`);
  expect(answer.names).toEqual(["First try", "By beat"]);
  expect(answer.tags).toBe("'@first, a,b");
  expect(answer.rates).toEqual([0.001, 0.001, 0.001]);
});

it("lists every test beat, and marks synthetic ones", (ctx) => {
  if (answer === null) return ctx.skip(missing);
  expect([answer.beats, answer.synthetic]).toEqual([beats, synthetic]);
  expect(synthetic).toBeGreaterThan(0);
});

it("lets scikit-learn, SciPy and pandas reproduce the metrics", (ctx) => {
  if (answer === null) return ctx.skip(missing);
  const { confusion, sum, ...others } = answer.worst;
  expect(confusion).toBe(0);
  // Float32 probabilities of a softmax.
  expect(sum).toBeLessThan(1e-5);
  // Float64 on both sides.
  for (const worst of Object.values(others)) expect(worst).toBeLessThan(1e-12);
});
