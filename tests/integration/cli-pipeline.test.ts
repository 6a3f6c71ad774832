/** From sample recordings to a result on the command line: printed text, and stored data. */
import Database from "better-sqlite3";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/contract/domain/evaluation.ts";
import { networkNames, type NetworkName } from "../../src/contract/domain/training.ts";
import { errorCodes } from "../../src/contract/domain/errors.ts";
import type { BeatExplanation } from "../../src/contract/domain/explanations.ts";
import type { ImportedDataset } from "../../src/contract/domain/datasets.ts";
import type { ClassificationResult } from "../../src/contract/domain/classification.ts";
import type { RunAreas } from "../../src/contract/domain/comparison.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import type { Preparation } from "../../src/contract/domain/preparation.ts";
import { askEctopy, expectRefusal, runEctopy, temporaryFolder, type CommandOptions } from "../support/command-line.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";

const folder = temporaryFolder();
afterAll(folder.remove);

interface Pipeline {
  options: CommandOptions;
  dataset: ImportedDataset;
  preparation: Preparation & { alreadyThere: boolean };
  run: RunDetails;
}

/** Runs all steps with the ANN; each step uses the numbers that the previous one printed. */
async function runAllSteps(workspace: string): Promise<Pipeline> {
  const options = { workspace: join(folder.path, workspace) };
  const dataset = await askEctopy<ImportedDataset>(["sample"], options);
  const datasetId = String(dataset.dataset.id);
  const { preparation } = await askEctopy<{ preparation: Pipeline["preparation"] }>(["prepare", datasetId], options);
  const train = ["train", String(preparation.id), "--model", "ann", "--epochs", "2", "--steps-per-epoch", "10"];
  const run = await askEctopy<RunDetails>(train, options);
  return { options, dataset, preparation, run };
}

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await runAllSteps("first");
});

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Computes the dependent metrics again and compares them. */
function expectConsistent(
  { accuracy, macroF1, weightedF1, perClass, confusion, loss }: Evaluation,
  beats: number,
): void {
  const support = perClass.map((c) => c.support);
  expect(confusion.map(sum)).toEqual(support);
  expect(sum(support)).toBe(beats);
  const trace = sum(confusion.map((row, i) => row[i]));
  // Quotients of the same integers: the last bit may differ by the order of operations.
  expect(accuracy).toBeCloseTo(trace / beats, 12);
  perClass.forEach(({ ppv, sensitivity, f1 }, i) => {
    const predicted = sum(confusion.map((row) => row[i]));
    expect(ppv).toBeCloseTo(predicted === 0 ? 0 : confusion[i][i] / predicted, 12);
    expect(sensitivity).toBeCloseTo(support[i] === 0 ? 0 : confusion[i][i] / support[i], 12);
    expect(f1).toBeCloseTo(ppv + sensitivity === 0 ? 0 : (2 * ppv * sensitivity) / (ppv + sensitivity), 12);
  });
  expect(weightedF1).toBeCloseTo(sum(perClass.map((c) => c.f1 * c.support)) / beats, 12);
  const seen = perClass.filter((c, i) => c.support > 0 || confusion.some((row) => row[i] > 0));
  expect(macroF1).toBeCloseTo(sum(seen.map((c) => c.f1)) / seen.length, 12);
  expect(loss).toBeGreaterThan(0);
}

describe("export recording-report", () => {
  const report = (args: string[]) => {
    const { dataset, report: imported } = pipeline.dataset;
    return ["export", "recording-report", String(dataset.id), imported.records[0].name, ...args];
  };

  it("prints statistics, and writes pages and tables", async () => {
    const to = join(folder.path, "recording-report");
    const { statistics, written } = await askEctopy<{
      statistics: { heartbeats: number; classes: number[]; heartRateTrend: { mean: (number | null)[] } };
      written: { place: string };
    }>(report(["--to", to, "--format", "html,csv"]), pipeline.options);
    expect(sum(statistics.classes)).toBe(statistics.heartbeats);
    expect(statistics.heartRateTrend.mean.length).toBeGreaterThan(0);
    expect(readdirSync(written.place)).toEqual(expect.arrayContaining(["beats.csv", "hours.csv", "report.html"]));
  });

  it("shows another place where an extreme was overruled", async () => {
    interface Overruled {
      strip: { place: { from: number }; overruled: { choice: { reviewer: string } }[] };
    }
    const { dataset, report: imported } = pipeline.dataset;
    const overrule = (args: string[]): Promise<Overruled> =>
      askEctopy(["overrule", String(dataset.id), imported.records[0].name, "highest-rate", ...args], pipeline.options);
    const { strip } = await overrule(["--reason", "artefact", "--reviewer", "A. Reader"]);
    expect(strip.overruled.map(({ choice }) => choice.reviewer)).toEqual(["A. Reader"]);
    expect((await runEctopy(report([]), pipeline.options)).stdout).toContain("A. Reader");
    const { strip: restored } = await overrule(["--restore"]);
    expect(restored.overruled).toEqual([]);
    expect(restored.place.from).not.toBe(strip.place.from);
    const again = ["overrule", String(dataset.id), imported.records[0].name, "highest-rate", "--restore"];
    expect((await runEctopy(again, pipeline.options)).stderr).toContain("No place of highest-rate is overruled.");
  });

  it("refuses an unknown format and an unknown set", async () => {
    expect((await runEctopy(report(["--format", "docx"]), pipeline.options)).status).not.toBe(0);
    const { status, stderr } = await runEctopy(report(["--set", "nobody"]), pipeline.options);
    expect(status).not.toBe(0);
    expect(stderr).toContain("has no annotations by nobody");
  });
});

describe("ec57", () => {
  interface Comparison {
    records: { record: string; qrsSensitivity: number; vebPpv: number | null; counts: { beats: { Nn: number } } }[];
    gross: {
      qrsSensitivity: number;
      qrsPpv: number;
      agreement: { kappa: number };
      counts: { beats: { Nn: number } };
    };
    skipped: string[];
  }
  const compare = (args: string[]): Promise<Comparison> =>
    askEctopy<Comparison>(["ec57", String(pipeline.dataset.dataset.id), "atr", ...args], pipeline.options);

  it("compares an annotator with itself: everything agrees", async () => {
    const { records, gross, skipped } = await compare(["atr", "--from", "0"]);
    expect(records).toHaveLength(pipeline.dataset.report.usableRecords);
    expect(records.every(({ qrsSensitivity, counts }) => qrsSensitivity === 100 && counts.beats.Nn > 0)).toBe(true);
    expect(gross).toMatchObject({ qrsSensitivity: 100, qrsPpv: 100, agreement: { kappa: 1 } });
    expect(skipped).toEqual([]);
  });

  it("prints the confusion matrix of all recordings, of each one if asked, and shutdowns", async () => {
    const [first] = pipeline.dataset.report.records;
    const args = ["ec57", String(pipeline.dataset.dataset.id), "atr", "atr", "--from", "0"];
    const { stdout } = await runEctopy(args, pipeline.options);
    const { gross } = await compare(["atr", "--from", "0"]);
    expect(stdout).toContain("Beats of all recordings, by the reference (rows) and the test annotator (columns)");
    expect(stdout).toMatch(new RegExp(`^N\\s+${gross.counts.beats.Nn.toLocaleString("en")}(\\s+0){6}$`, "m"));
    expect(stdout).toContain("Shutdown: the test annotator marks no signal as unreadable.");
    expect(stdout).not.toContain(`Beats of ${first.name},`);
    expect((await runEctopy([...args, "--matrices"], pipeline.options)).stdout).toContain(`Beats of ${first.name},`);
  });

  it("reads the annotations of another program from a folder, and names recordings without any", async () => {
    const others = join(folder.path, "others");
    mkdirSync(others);
    const [first] = pipeline.dataset.report.records;
    const stored = join(folder.path, "first", "datasets", String(pipeline.dataset.dataset.id), `${first.name}.atr`);
    copyFileSync(stored, join(others, `${first.name}.theirs`));
    const { records, skipped } = await compare(["theirs", "--test-folder", others, "--convention", "aami"]);
    expect(records.map(({ record }) => record)).toEqual([first.name]);
    expect(skipped).toHaveLength(pipeline.dataset.report.usableRecords - 1);
  });

  it("compares detected R-peaks, which `detect` stores and removes", async () => {
    const dataset = String(pipeline.dataset.dataset.id);
    const { records } = await askEctopy<{ records: { beats: number }[] }>(["detect", dataset], pipeline.options);
    expect(records).toHaveLength(pipeline.dataset.report.usableRecords);
    const { gross } = await compare(["detected", "--from", "0"]);
    expect(gross.qrsSensitivity).toBeGreaterThan(99);
    expect(gross.qrsPpv).toBeGreaterThan(99);
    const refused = await runEctopy(["detect", dataset, "--lead", "none"], pipeline.options);
    expect(refused.status).toBe(errorCodes["nothing-usable"]);
    await askEctopy(["detect", dataset, "--remove"], pipeline.options);
    const { status } = await runEctopy(["ec57", dataset, "atr", "detected"], pipeline.options);
    expect(status).toBe(errorCodes["not-found"]);
  });

  it("names the annotators of the dataset where one is unknown", async () => {
    const args = ["ec57", String(pipeline.dataset.dataset.id), "atr", "nobody"];
    const { status, stderr } = await runEctopy(args, pipeline.options);
    expect(status).toBe(errorCodes["not-found"]);
    expect(stderr).toContain("Annotators of the dataset: atr.");
  });
});

describe("classify", () => {
  const dataset = (): string => String(pipeline.dataset.dataset.id);

  it("stores the class of each beat as an annotation set, and says that the network was trained on the recordings", async () => {
    const run = String(pipeline.run.run.id);
    const { stdout } = await runEctopy(["classify", run, dataset(), "--check"], pipeline.options);
    expect(stdout).toContain(`Used to train run ${run}: the result is no test of the network.`);
    expect(stdout).toContain("What a threshold costs on the test set");
    const { results } = await askEctopy<{ results: ClassificationResult[] }>(
      ["classify", run, dataset(), "--threshold", "0.9"],
      pipeline.options,
    );
    const [{ set, recordings, labels }] = results;
    expect(set).toMatchObject({
      name: `run${run}`,
      origin: "classified",
      parent: "atr",
      runs: [pipeline.run.run.id],
      threshold: 0.9,
    });
    const beats = recordings
      .flatMap(({ counts, unclassified }) => [...counts, unclassified])
      .reduce((a, b) => a + b, 0);
    const annotated = Object.values(pipeline.dataset.report.beats).reduce((a, b) => a + b, 0);
    expect(beats).toBe(annotated);
    expect(labels).toContain("N");
    const { gross } = await askEctopy<{ gross: { agreement: { kappa: number } } }>(
      ["ec57", dataset(), "atr", set.name, "--from", "0"],
      pipeline.options,
    );
    expect(gross.agreement.kappa).toBeGreaterThan(0);
  });

  it("refuses an annotator that no recording has, by name", async () => {
    const args = ["classify", String(pipeline.run.run.id), dataset(), "--annotator", "nobody"];
    const { status, stderr } = await runEctopy(args, pipeline.options);
    expect(status).toBe(errorCodes["nothing-usable"]);
    expect(stderr).toContain("It has no heartbeats by the annotator nobody.");
  });
});

describe("sample, prepare, train, runs, show", () => {
  it("report the recordings, all sound", () => {
    const { dataset, report, alreadyThere } = { ...pipeline.dataset, ...pipeline.dataset.dataset } as ImportedDataset;
    expect(dataset).toMatchObject({
      id: 1,
      source: "sample",
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(alreadyThere).toBe(false);
    expect(report).toMatchObject({ usableRecords: 12, damagedRecords: 0, findings: [] });
    expect(report.seconds).toBe(12 * 300);
  });

  it("assign every beat to a set, or exclude it for a reason", () => {
    const { summary, datasetId } = pipeline.preparation;
    expect(datasetId).toBe(1);
    const { leftOut, counts, totals } = summary;
    const excluded = [
      leftOut.outsideRecord,
      leftOut.missingSamples,
      ...Object.values(leftOut.symbols),
      ...Object.values(leftOut.smallClasses),
    ];
    // The study counts the blocked P wave (x) as a class. It is no beat, and the health report does not count it.
    const blocked = counts.find(({ label }) => label === "x")!.found;
    expect(summary.beats + sum(excluded) - blocked).toBe(sum(Object.values(pipeline.dataset.report.beats)));
    expect(sum(counts.map((c) => c.train))).toBe(totals.train);
    const real = counts.map((c) => c.train - c.syntheticTrain + c.validation + c.test);
    // No class reaches the cap.
    expect(counts.map((c, i) => [c.label, real[i]])).toEqual(counts.map((c) => [c.label, c.found]));
    expect(sum(counts.map((c) => c.syntheticValidation + c.syntheticTest))).toBe(0);
  });

  it("return metrics that follow from their confusion matrix", () => {
    const { run, preparation } = pipeline.run;
    expect(run).toMatchObject({ id: 1, preparationId: 1, status: "completed", error: null });
    const result = run.result!;
    expect(result.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    const losses = result.epochs.map(({ validationLoss }) => validationLoss);
    expect(result.bestEpoch).toBe(1 + losses.indexOf(Math.min(...losses)));
    expectConsistent(result.test, preparation.summary.totals.test);
    expectConsistent(result.validation, preparation.summary.totals.validation);
    expect(result.validation.loss).toBeCloseTo(losses[result.bestEpoch - 1], 9);
    expect(result.test.perClass.map(({ label }) => label)).toEqual(preparation.summary.labels);
    expect(result.parameters.trainable).toBe(135_246);
    expect(result.device.versions.node).toBe(process.versions.node);
  });

  it("return the same result again", async () => {
    const { areas, ...shown } = await askEctopy<RunDetails & { areas: RunAreas }>(["show", "1"], pipeline.options);
    expect(shown).toEqual(pipeline.run);
    expect(areas.perClass).toHaveLength(shown.preparation.summary.labels.length);
    for (const { rocArea, averagePrecision } of areas.perClass) {
      expect([rocArea, averagePrecision].every((area) => area > 0 && area <= 1)).toBe(true);
    }
    const { runs } = await askEctopy<{ runs: RunDetails[] }>(["runs"], pipeline.options);
    expect(runs).toEqual([shown]);
  });

  it("explains a test beat: the contributions of all samples sum up to the change of the log odds", async () => {
    const { labels } = pipeline.run.preparation.summary;
    const asked = ["show", "1", "--explain", "1"];
    const { explanation } = await askEctopy<{ explanation: Omit<BeatExplanation, "label"> & { label: string } }>(
      asked,
      pipeline.options,
    );
    expect(labels).toContain(explanation.label);
    const sum = [...explanation.beat!.contributions].reduce((all, value) => all + value, 0);
    expect(Math.abs(sum - (explanation.logOdds.beat - explanation.logOdds.baseline))).toBeLessThan(0.1);
    const refused = await runEctopy([...asked, "--class", "?"], pipeline.options);
    expectRefusal(refused, 5, /The run has no class \?/);
    const { stdout } = await runEctopy([...asked, "--class", "V"], pipeline.options);
    expect(stdout).toContain("Why V, for test beat 1: contributions to the log odds");
  });

  it("gives mean beats and confusions that fit the confusion matrix", async () => {
    const asked = ["show", "1", "--confusions"];
    const { classShapes } = await askEctopy<{
      classShapes: {
        synthetic: number;
        classes: { label: string; beats: number; mean: number[] }[];
        confusions: { truth: string; predicted: string; beats: number; closest: { number: number; place: number }[] }[];
      };
    }>(asked, pipeline.options);
    const { labels } = pipeline.run.preparation.summary;
    const { confusion } = pipeline.run.run.result!.test;
    expect(classShapes.classes.map(({ label }) => label)).toEqual(labels);
    const errors = confusion.flatMap((row, i) => row.filter((_, j) => i !== j));
    // Synthetic test beats are left out; some of them may be among the errors.
    const shown = sum(classShapes.confusions.map(({ beats }) => beats));
    expect(shown).toBeGreaterThan(0);
    expect(sum(errors) - shown).toBeGreaterThanOrEqual(0);
    expect(sum(errors) - shown).toBeLessThanOrEqual(classShapes.synthetic);
    expect(sum(classShapes.classes.map(({ beats }) => beats)) + classShapes.synthetic).toBe(sum(confusion.flat()));
    for (const { truth, predicted, beats, closest } of classShapes.confusions) {
      expect(beats).toBeLessThanOrEqual(confusion[labels.indexOf(truth)][labels.indexOf(predicted)]);
      expect(closest).toHaveLength(Math.min(3, beats));
      expect(closest.every(({ place }) => place >= 0 && place < beats)).toBe(true);
    }
    const { stdout } = await runEctopy(asked, pipeline.options);
    expect(stdout).toMatch(
      /^True +Predicted +Beats +Of the class +From true mean +From predicted mean +Closest beats/m,
    );
  });

  it("show the result as text, with its limitations", async () => {
    const { status, stdout, stderr } = await runEctopy(["show", "1"], pipeline.options);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { accuracy } = pipeline.run.run.result!.test;
    expect(stdout).toContain(`Test accuracy ${(100 * accuracy).toFixed(2)} %`);
    expect(stdout).toMatch(/Macro AUROC \d+\.\d\d %, macro average precision \d+\.\d\d %/);
    expect(stdout).toMatch(/Class +Sensitivity +PPV +Specificity +F1 +AUROC +Average precision +Test beats/);
    expect(stdout).toContain("synthetic");
    expect(stdout).toContain("For research use only. Not a medical device.");
    expect(stdout).not.toMatch(/undefined|NaN|\[object/);
  });

  it("reuse existing datasets and preparations", async () => {
    const again = await askEctopy<{ dataset: { id: number; alreadyThere: boolean } }>(["sample"], pipeline.options);
    expect(again.dataset).toMatchObject({ id: 1, alreadyThere: true });
    const { preparation } = await askEctopy<{ preparation: Pipeline["preparation"] }>(
      ["prepare", "1"],
      pipeline.options,
    );
    expect(preparation).toEqual({ ...pipeline.preparation, alreadyThere: true });
  });
});

describe("the workspace", () => {
  it("stores curves, matrix and class metrics in its database", () => {
    const database = new Database(join(pipeline.options.workspace, "ectopy.sqlite"), { readonly: true });
    try {
      expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
      expect(database.pragma("foreign_key_check")).toEqual([]);
      const result = pipeline.run.run.result!;
      const curve = database
        .prepare(
          "SELECT epoch, train_loss AS trainLoss, validation_loss AS validationLoss FROM epochs WHERE run_id = 1",
        )
        .all();
      expect(curve).toEqual(
        result.epochs.map(({ epoch, trainLoss, validationLoss }) => ({ epoch, trainLoss, validationLoss })),
      );
      for (const set of ["validation", "test"] as const) {
        const { confusion, perClass } = result[set];
        const cells = database
          .prepare("SELECT true_class, predicted_class, count FROM confusions WHERE run_id = 1 AND beat_set = ?")
          .raw()
          .all(set);
        const expected = confusion.flatMap((row, t) => row.map((count, p) => [t, p, count]));
        expect(cells).toEqual(expected.filter(([, , count]) => count > 0));
        const classes = database
          .prepare(
            "SELECT label, ppv, sensitivity, f1, support FROM class_metrics WHERE run_id = 1 AND beat_set = ? ORDER BY class",
          )
          .all(set);
        expect(classes).toEqual(perClass);
      }
    } finally {
      database.close();
    }
  });

  it("stores the model and the predictions behind the metrics", () => {
    const run = join(pipeline.options.workspace, "runs", "1");
    const model = JSON.parse(readFileSync(join(run, "model.json"), "utf8")) as { modelTopology: unknown };
    expect(model.modelTopology).toBeTruthy();
    const { parameters, test } = pipeline.run.run.result!;
    expect(statSync(join(run, "weights.bin")).size).toBe(4 * parameters.total);
    // In each row, the class with the largest probability is the predicted class.
    const probabilities = new Float32Array(readFileSync(join(run, "test-probabilities.f32")).buffer);
    const classes = test.perClass.length;
    expect(probabilities.length).toBe(sum(test.perClass.map((c) => c.support)) * classes);
    const predicted = test.perClass.map(() => 0);
    for (let from = 0; from < probabilities.length; from += classes) {
      const row = probabilities.subarray(from, from + classes);
      predicted[row.indexOf(Math.max(...row))]++;
    }
    expect(predicted).toEqual(test.perClass.map((_, p) => sum(test.confusion.map((row) => row[p]))));
  });

  it("contains no incomplete and no unnamed folders", () => {
    for (const kind of ["datasets", "preparations", "runs"]) {
      expect(readdirSync(join(pipeline.options.workspace, kind)), kind).toEqual(["1"]);
    }
  });
});

describe("the same seed", () => {
  it("gives the same recordings, beats, epochs and metrics in another workspace", async () => {
    const second = await runAllSteps("second");
    expect(second.dataset.dataset.fingerprint).toBe(pipeline.dataset.dataset.fingerprint);
    expect(second.preparation.fingerprint).toBe(pipeline.preparation.fingerprint);
    const results = ({ run: { run } }: Pipeline): unknown => ({
      epochs: run.result!.epochs.map(({ seconds: _, validationSeconds: __, ...results }) => results),
      test: run.result!.test,
    });
    expect(results(second)).toEqual(results(pipeline));
  });

  it("determines the split: another seed gives other beats to the sets", async () => {
    const { preparation } = await askEctopy<{ preparation: Pipeline["preparation"] }>(
      ["prepare", "1", "--seed", "43"],
      pipeline.options,
    );
    expect(preparation.id).toBe(2);
    expect(preparation.fingerprint).not.toBe(pipeline.preparation.fingerprint);
    expect(preparation.summary.totals).toEqual(pipeline.preparation.summary.totals);
  });
});

describe("each network", () => {
  const options: CommandOptions = { workspace: join(folder.path, "real") };
  const few: Record<NetworkName, string[]> = {
    ann: ["--steps-per-epoch", "20"],
    cnn: ["--steps-per-epoch", "4"],
    lstm: ["--steps-per-epoch", "2", "--batch", "16"],
  };

  beforeAll(async () => {
    if (mitdb === undefined) return;
    // Links to two recordings of the database, so that the folder holds these only.
    const two = join(folder.path, "two records");
    mkdirSync(two);
    for (const name of ["100", "208"]) {
      for (const ending of ["hea", "dat", "atr"]) {
        symlinkSync(join(mitdb, `${name}.${ending}`), join(two, `${name}.${ending}`));
      }
    }
    await askEctopy(["import", two], options);
    const unbalanced = ["--balancing", "none", "--fractions", "0.8,0.1,0.1", "--smallest-class", "20"];
    await askEctopy(["prepare", "1", ...unbalanced], options);
  });

  it.for(networkNames)("%s trains on real beats", async (network, ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    // A given number of threads is not measured before the training.
    const train = ["train", "1", "--model", network, "--epochs", "1", "--threads", "1", ...few[network]];
    const { run, preparation } = await askEctopy<RunDetails>(train, options);
    expect(run).toMatchObject({ status: "completed", settings: { network } });
    expect(run.result!.epochs).toHaveLength(1);
    expectConsistent(run.result!.test, preparation.summary.totals.test);
    expect(existsSync(join(options.workspace, "runs", String(run.id), "model.json"))).toBe(true);
  });
});

it("accepts a custom class map", async () => {
  const args = ["prepare", String(pipeline.dataset.dataset.id), "--class-map", "ectopic=VA,N=NLR"];
  const { preparation } = await askEctopy<{ preparation: Preparation }>(args, pipeline.options);
  expect(preparation.summary.labels).toEqual(["ectopic", "N"]);
  expect(preparation.settings.classMap).toEqual({
    classes: [
      { label: "ectopic", symbols: "VA" },
      { label: "N", symbols: "NLR" },
    ],
  });
});
