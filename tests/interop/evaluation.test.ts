/** The classification report against live scikit-learn, on random predictions. ECTOPY_PYTHON names the Python. */
import { expect, it } from "vitest";
import { classificationReport } from "../../src/pipeline/evaluation/classification-report.ts";
import { confusionMatrix } from "../../src/pipeline/evaluation/confusion.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { askPython, python } from "../support/python.ts";

interface SklearnReport {
  confusion: number[][];
  /** Precision, recall, F1 and support of each class. */
  perClass: [number, number, number, number][];
  accuracy: number;
  macroF1: number;
  weightedF1: number;
}

/** Reads cases of true and predicted classes; the means are over scikit-learn's own choice of labels. */
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

/** Predictions right three times in four; some classes never occur, some are never predicted. */
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
    report.perClass.forEach(({ precision, recall, f1, support }, number) => {
      [precision, recall, f1, support].forEach((value, k) =>
        expect(value).toBeCloseTo(answers[i].perClass[number][k], 12),
      );
    });
  });
});
