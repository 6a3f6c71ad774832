/** Experiments and comparisons on the command line: planned, trained, shown and compared. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Calibration } from "../../src/contract/domain/calibration.ts";
import type { Preparation } from "../../src/contract/domain/preparation.ts";
import type { ExperimentOverview, ExperimentResults } from "../../src/contract/domain/experiments.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import type { ComparisonDocument } from "../../src/main/cli/views/comparison.ts";
import { createServices } from "../../src/main/services/compose.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { askEctopy, runEctopy, temporaryFolder } from "../support/command-line.ts";
import { makeMeasuredWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
afterAll(folder.remove);
const options = { workspace: join(folder.path, "workspace") };
const small = ["--model", "ann", "--epochs", "2", "--steps-per-epoch", "10"];

let repeats: ExperimentOverview;
let grid: ExperimentOverview;
let folds: ExperimentOverview;
beforeAll(async () => {
  await makeMeasuredWorkspace(options.workspace, [SAMPLE, ["prepare", "1"]]);
  repeats = await askEctopy(["search", "1", ...small, "--repeat", "2"], options);
  grid = await askEctopy(["search", "1", ...small, "--grid", "learningRate=0.01,1e-7", "--name", "rates"], options);
  folds = await askEctopy(["search", "1", ...small, "--folds", "2"], options);
}, 180_000);

const details = (run: number): Promise<RunDetails> => askEctopy<RunDetails>(["show", String(run)], options);

describe("search", () => {
  it("repeats over seeds, and returns mean and standard deviation of the test set", async () => {
    expect(repeats.runs.map(({ label, status }) => [label, status])).toEqual([
      ["seed 42", "completed"],
      ["seed 43", "completed"],
    ]);
    const accuracies = await Promise.all(
      repeats.runs.map(async ({ run }) => (await details(run)).run.result!.test.accuracy),
    );
    const mean = (accuracies[0] + accuracies[1]) / 2;
    expect(repeats.test?.accuracy.mean).toBeCloseTo(mean, 12);
    expect(repeats.test?.accuracy.deviation).toBeCloseTo(Math.abs(accuracies[0] - accuracies[1]) / Math.SQRT2, 12);
    // Repeats select no best run.
    expect(repeats.winner).toBeNull();
  });

  it("selects the best run of a grid by the validation set alone", async () => {
    const [high, low] = grid.runs;
    const macroF1 = (run: RunDetails): number => {
      const { epochs, bestEpoch } = run.run.result!;
      return epochs[bestEpoch - 1].validationMacroF1;
    };
    expect(high.value).toBe(macroF1(await details(high.run)));
    expect(low.value).toBe(macroF1(await details(low.run)));
    // With a learning rate of 1e-7, nothing is learnt in 20 steps.
    expect(high.value!).toBeGreaterThan(low.value!);
    expect(grid.winner).toBe(high.run);
    expect(grid.test).toBeNull();
    expect(grid.name).toBe("rates");
  });

  it("tests every patient once over all folds", async () => {
    const runs = await Promise.all(folds.runs.map(({ run }) => details(run)));
    expect(runs.map(({ preparation }) => preparation.settings.fold)).toEqual([
      { number: 1, of: 2 },
      { number: 2, of: 2 },
    ]);
    for (const { preparation } of runs) {
      expect(preparation.summary.sharedRecords).toEqual([]);
      expect(preparation.summary.caveats.join(" ")).toContain("One fold alone says little");
    }
  });

  it("lists the experiments, and shows one", async () => {
    const listed = await askEctopy<ExperimentOverview[]>(["experiments"], options);
    expect(listed.map(({ id }) => id)).toEqual([3, 2, 1]);
    expect(await askEctopy(["experiments", "2"], options)).toEqual(grid);
    const { stdout } = await runEctopy(["experiments", "2"], options);
    expect(stdout).toContain("Its validation metric is optimistically biased");
    expect(stdout).toContain("Not a medical device");
  });

  it.each([
    [["--grid", "nonsense=1"], 5, "There is no setting nonsense."],
    [["--grid", "learningRate"], 2, "A setting and its values are needed"],
    [
      ["--repeat", "2", "--folds", "3"],
      2,
      "One of --repeat, --grid, --random, --folds, --leave-one-patient-out and --protocol-pair is needed.",
    ],
    [["--repeat", "2", "--runs", "3"], 2, "--runs needs --random."],
    [["--folds", "13"], 5, "cannot be divided into 13 sets"],
  ])("refuses %j, and adds nothing", async (args, status, words) => {
    const refused = await runEctopy(["search", "1", ...small, ...args], options);
    expect(refused.status).toBe(status);
    expect(refused.stderr).toContain(words);
    expect(await askEctopy<unknown[]>(["experiments"], options)).toHaveLength(3);
  });
});

describe("compare", () => {
  it("shows the differences, and tests runs on the same beats against the baseline", async () => {
    const [one, two] = grid.runs.map(({ run }) => run);
    const compared = await askEctopy<ComparisonDocument>(["compare", String(one), String(two), "--curves"], options);
    expect(compared.differing).toEqual([{ name: "training.learningRate", values: ["0.01", "1e-7"] }]);
    expect(compared.shared).toContainEqual({ name: "training.batch", value: "64" });
    expect(compared.repeats.map(({ runs }) => runs)).toEqual([[one], [two]]);
    const [paired] = compared.paired;
    const [first, second] = await Promise.all([details(one), details(two)]);
    const beats = first.run.result!.test.perClass.reduce((sum, { support }) => sum + support, 0);
    expect(paired.bothCorrect + paired.onlyOneCorrect + paired.onlyOtherCorrect + paired.bothWrong).toBe(beats);
    expect((paired.bothCorrect + paired.onlyOneCorrect) / beats).toBeCloseTo(first.run.result!.test.accuracy, 12);
    expect((paired.bothCorrect + paired.onlyOtherCorrect) / beats).toBeCloseTo(second.run.result!.test.accuracy, 12);
    expect(compared.curves.map(({ run }) => run)).toEqual([one, two]);
  });

  it("finds repeats by their settings, and reports runs that were tested on different beats", async () => {
    const ids = [...repeats.runs, ...folds.runs].map(({ run }) => String(run));
    const compared = await askEctopy<ComparisonDocument>(["compare", ...ids], options);
    expect(compared.repeats.map(({ runs }) => runs.length)).toEqual([2, 1, 1]);
    expect(compared.paired.map(({ run }) => run)).toEqual([repeats.runs[1].run]);
    const { stdout } = await runEctopy(["compare", ...ids], options);
    expect(stdout).toContain("These runs were tested on different beats");
  });
});

describe("the beats behind a metric", () => {
  it("are as many as the confusion matrix counts, and in the requested order", () => {
    const run = repeats.runs[0].run;
    const workspace = openWorkspace(options.workspace, "read", () => {});
    try {
      const { results, testBeats } = createServices(workspace, () => {});
      const stored = results.run(run);
      const { confusion } = stored.run.result!.test;
      const find = (truth: number, predicted: number, order: "most-confident" | "record") =>
        testBeats.find(stored, { truth, predicted, order, from: 0, count: 1000 });
      confusion.forEach((row, truth) =>
        row.forEach((count, predicted) => {
          const { total, beats, values, windowLength } = find(truth, predicted, "most-confident");
          expect(total).toBe(count);
          expect(values.length).toBe(beats.length * windowLength);
          for (let i = 1; i < beats.length; i++)
            expect(beats[i].confidence).toBeLessThanOrEqual(beats[i - 1].confidence);
        }),
      );
      const records = new Set(workspace.datasets.records(stored.dataset.id).map(({ name }) => name));
      const all = testBeats.find(stored, { truth: null, predicted: null, order: "record", from: 5, count: 20 });
      expect(all.beats).toHaveLength(20);
      expect(all.total).toBe(confusion.flat().reduce((a, b) => a + b, 0));
      const whole = { truth: null, predicted: null, order: "record", from: 0, count: 1000 } as const;
      const everyThird = testBeats.find(stored, { ...whole, every: 3, from: 2, count: 5 });
      expect(everyThird.total).toBe(all.total);
      expect(everyThird.beats).toEqual([6, 9, 12, 15, 18].map((i) => testBeats.find(stored, whole).beats[i]));
      // Intra-patient split: no test beat is synthetic.
      for (const beat of all.beats) expect([records.has(beat.record), beat.towards]).toEqual([true, null]);
    } finally {
      workspace.close();
    }
  });
});

describe("search by patient", () => {
  it("chooses settings in folds of the training patients, without a beat of a test patient", async () => {
    await runEctopy(["prepare", "1", "--protocol", "inter-patient"], options);
    const { preparations } = await askEctopy<{ preparations: Preparation[] }>(["preparations"], options);
    const { id, summary } = preparations.at(-1)!;
    const args = ["search", String(id), ...small, "--grid", "learningRate=1e-7,0.01", "--folds", "2"];
    const search = await askEctopy<ExperimentOverview>(args, options);
    expect(search.runs.map(({ label }) => label)).toEqual([
      "learningRate 1e-7, fold 1 of 2",
      "learningRate 1e-7, fold 2 of 2",
      "learningRate 0.01, fold 1 of 2",
      "learningRate 0.01, fold 2 of 2",
    ]);
    expect(search.winner).toBe(search.runs[2].run);
    for (const { run } of search.runs) {
      const { train, validation, test } = (await details(run)).preparation.summary.recordsBySet!;
      expect(new Set([...train, ...validation, ...test]).isDisjointFrom(new Set(summary.recordsBySet!.test))).toBe(
        true,
      );
    }
    const refused = await runEctopy([...args.with(1, "1")], options);
    expect(refused.stderr).toContain("does not keep test patients apart");
  });

  it("shows the gap between the reference study's protocol and the inter-patient split, and the calibration", async () => {
    const { gap, runs, test } = await askEctopy<ExperimentOverview & ExperimentResults>(
      ["search", "1", ...small, "--protocol-pair"],
      options,
    );
    const pair = await Promise.all(runs.map(({ run }) => details(run)));
    expect(pair.map(({ preparation }) => preparation.settings.protocol)).toEqual(["reference", "inter-patient"]);
    expect(gap).toMatchObject({
      reference: { run: runs[0].run, accuracy: pair[0].run.result!.test.accuracy },
      interPatient: { run: runs[1].run, accuracy: pair[1].run.result!.test.accuracy },
    });
    expect(test).toBeNull();
    const { calibration } = await askEctopy<{ calibration: Calibration }>(
      ["show", String(runs[1].run), "--calibration", "--false-positives", "5"],
      options,
    );
    expect(calibration.temperature).toBe(pair[1].run.result!.temperature);
    expect(calibration.after!.error).toBeLessThan(1);
    expect(calibration.alarms).toMatchObject({ rate: 5 });
    expect(calibration.alarms!.points.every(({ perHour }) => perHour === null || perHour <= 5)).toBe(true);
  });
});
