/**
 * Compares the classification report and threshold curves with live scikit-learn, on random predictions. ECTOPY_PYTHON
 * names the Python.
 */
import { expect, it } from "vitest";
import { classificationReport } from "../../src/pipeline/evaluation/classification-report.ts";
import { confusionMatrix } from "../../src/pipeline/evaluation/confusion.ts";
import { binomialPValue } from "../../src/pipeline/evaluation/mcnemar.ts";
import {
  averagedAreas,
  averagePrecision,
  rocArea,
  scoresOf,
  scoreSteps,
  thresholdCurves,
} from "../../src/pipeline/evaluation/threshold-curves.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { askPython, python } from "../support/python.ts";

interface SklearnReport {
  confusion: number[][];
  /** PPV (`precision`), sensitivity (`recall`), F1 and support by class, in scikit-learn's order. */
  perClass: [number, number, number, number][];
  accuracy: number;
  macroF1: number;
  weightedF1: number;
}

/** Reads cases of true and predicted classes. The means are over the labels that scikit-learn chooses. */
const SCRIPT = `
import json, sys, warnings
from sklearn.metrics import accuracy_score, classification_report, confusion_matrix
warnings.filterwarnings("ignore")
answers = []
for case in json.load(sys.stdin):
    t, p, labels = case["truth"], case["predicted"], list(range(case["classes"]))
    every = classification_report(t, p, labels=labels, output_dict=True, zero_division=0)
    means = classification_report(t, p, output_dict=True, zero_division=0)
    answers.append({
        "confusion": confusion_matrix(t, p, labels=labels).tolist(),
        "perClass": [[every[str(c)][k] for k in ("precision", "recall", "f1-score", "support")] for c in labels],
        "accuracy": accuracy_score(t, p),
        "macroF1": means["macro avg"]["f1-score"],
        "weightedF1": means["weighted avg"]["f1-score"],
    })
json.dump(answers, sys.stdout)
`;

/** Predictions of which three in four are correct; some classes never occur, some are never predicted. */
function makeCases() {
  const random = randomStream(2026, "evaluation");
  return Array.from({ length: 200 }, () => {
    const classes = 1 + random.below(14);
    const occurring = 1 + random.below(classes);
    const truth = Array.from({ length: 1 + random.below(300) }, () => random.below(occurring));
    const predictable = 1 + random.below(classes);
    const predicted = truth.map((number) => (random.below(4) > 0 ? number : random.below(predictable)));
    return { classes, truth, predicted };
  });
}

it("equals scikit-learn's classification_report(zero_division=0), to 1e-12", async (ctx) => {
  if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with scikit-learn");
  const cases = makeCases();
  const answers = await askPython<SklearnReport[]>(SCRIPT, cases);
  cases.forEach(({ classes, truth, predicted }, i) => {
    const labels = Array.from({ length: classes }, (_, number) => `c${number}`);
    const report = classificationReport(confusionMatrix(truth, predicted, classes), labels);
    expect(report.confusion).toEqual(answers[i].confusion);
    for (const name of ["accuracy", "macroF1", "weightedF1"] as const) {
      expect(report[name]).toBeCloseTo(answers[i][name], 12);
    }
    report.perClass.forEach(({ ppv, sensitivity, f1, support }, number) => {
      [ppv, sensitivity, f1, support].forEach((value, k) =>
        expect(value).toBeCloseTo(answers[i].perClass[number][k], 12),
      );
    });
  });
});

/** Reads tables of probabilities and true classes. Returns scikit-learn's one-vs-rest areas and their means. */
const AREAS = `
import json, sys, warnings
import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.preprocessing import label_binarize
warnings.filterwarnings("ignore")
question = json.load(sys.stdin)
def answer(case):
    scores, truth = np.array(case["scores"], "f4").reshape(-1, case["classes"]), np.array(case["truth"])
    classes = list(range(case["classes"]))
    binary = label_binarize(truth, classes=classes)
    occurring = [c for c in classes if 0 < binary[:, c].sum() < len(truth)]
    return {
        "occurring": occurring,
        "roc": [roc_auc_score(binary[:, c], scores[:, c]) for c in occurring],
        "precision": [average_precision_score(binary[:, c], scores[:, c]) for c in occurring],
        "macroRoc": roc_auc_score(binary[:, occurring], scores[:, occurring], average="macro"),
        "macroPrecision": average_precision_score(binary[:, occurring], scores[:, occurring], average="macro"),
        "microRoc": roc_auc_score(binary.ravel(), scores.ravel()),
        "microPrecision": average_precision_score(binary.ravel(), scores.ravel()),
    }
json.dump({"areas": [answer(case) for case in question["cases"]],
           "pairs": [float(binomtest(a, a + b).pvalue) for a, b in question["pairs"]]}, sys.stdout)
`;

interface Areas {
  occurring: number[];
  roc: number[];
  precision: number[];
  macroRoc: number;
  macroPrecision: number;
  microRoc: number;
  microPrecision: number;
}

/** Probabilities with many ties, like those of a trained network at 0 and 1. */
function makeScoredCases() {
  const random = randomStream(2026, "areas");
  return Array.from({ length: 40 }, () => {
    const classes = 3 + random.below(12);
    const occurring = 2 + random.below(classes - 1);
    const truth = Array.from({ length: 40 + random.below(400) }, () => random.below(occurring));
    const scores = truth.flatMap((number) =>
      Array.from({ length: classes }, (_, c) =>
        Math.fround(Math.round(10 * random.uniform() + (c === number ? 3 : 0)) / 13),
      ),
    );
    return { classes, truth, scores };
  });
}

it("equals scikit-learn's areas under ROC and precision-recall, and SciPy's exact test, to 1e-9", async (ctx) => {
  if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with scikit-learn");
  const cases = makeScoredCases();
  const pairs = [
    [3, 8],
    [0, 17],
    [250, 301],
    [4000, 3800],
  ] as [number, number][];
  const answers = await askPython<{ areas: Areas[]; pairs: number[] }>(AREAS, { cases, pairs });
  cases.forEach(({ classes, truth, scores }, i) => {
    const table = Float32Array.from(scores);
    const steps = Array.from({ length: classes }, (_, number) =>
      scoreSteps(
        scoresOf(table, classes, number),
        Uint8Array.from(truth, (value) => Number(value === number)),
      ),
    );
    const theirs = answers.areas[i];
    theirs.occurring.forEach((number, k) => {
      expect(rocArea(steps[number])).toBeCloseTo(theirs.roc[k], 9);
      expect(averagePrecision(steps[number])).toBeCloseTo(theirs.precision[k], 9);
    });
    const perClass = steps.map((each) => thresholdCurves(each, 100));
    const averages = averagedAreas(table, Uint8Array.from(truth), perClass);
    expect(averages.macroRocArea).toBeCloseTo(theirs.macroRoc, 9);
    expect(averages.macroAveragePrecision).toBeCloseTo(theirs.macroPrecision, 9);
    expect(averages.microRocArea).toBeCloseTo(theirs.microRoc, 9);
    expect(averages.microAveragePrecision).toBeCloseTo(theirs.microPrecision, 9);
  });
  pairs.forEach(([a, b], i) => expect(Math.abs(binomialPValue(a, b) / answers.pairs[i] - 1)).toBeLessThan(1e-9));
});
