/**
 * An exported model: trained on the sample recordings, exported by the command line, and run by the Python program
 * beside it. The program's predictions for a recording equal those of the app. ECTOPY_PYTHON names the Python.
 */
import { execFile } from "node:child_process";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ExportReport, ModelCard, ModelFormat } from "../../src/contract/domain/exports.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import type { TestedBeat } from "../../src/contract/domain/comparison.ts";
import { createServices } from "../../src/main/services/compose.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { askEctopy, runEctopy, temporaryFolder } from "../support/command-line.ts";
import { askPython, python } from "../support/python.ts";
import { makeMeasuredWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
const workspace = join(folder.path, "workspace");
const exported = join(folder.path, "exported");
const options = { workspace };
/**
 * Run 1: beats filtered one by one. Run 2: whole recordings filtered, beats normalised. Runs 3 and 4: input recipes, whose
 * features the program computes.
 */
const trainings = [
  { model: "ann", settings: [] },
  { model: "ann", settings: ["--denoising", "record", "--normalisation", "z-score"] },
  { model: "rhythm-and-shape", settings: ["--preset", "rhythm-and-shape"] },
  {
    model: "residual-cnn",
    settings: ["--preset", "rhythm-and-shape-causal", "--recipe-leads", "1", "--channels", "beat,difference"],
  },
];

/** Run 6 is an ensemble of run 3 and of run 5, which has another seed. */
const RUNS = [1, 2, 3, 4, 5, 6];
let tested: TestedBeat[][];
beforeAll(async () => {
  await makeMeasuredWorkspace(workspace, [SAMPLE, ["prepare", "1", ...trainings[0].settings]]);
  for (const [i, { model, settings }] of trainings.entries()) {
    if (i > 0) await askEctopy(["prepare", "1", ...settings], options);
    await askEctopy(["train", String(i + 1), "--model", model, "--epochs", "2", "--steps-per-epoch", "60"], options);
  }
  const seed = [
    "train",
    "3",
    "--model",
    "rhythm-and-shape",
    "--epochs",
    "1",
    "--steps-per-epoch",
    "40",
    "--seed",
    "43",
  ];
  await askEctopy(seed, options);
  await askEctopy(["ensemble", "3", "5"], options);
  const store = openWorkspace(workspace, "read", () => {});
  const { results, testBeats } = createServices(store, () => {});
  const query = { truth: null, predicted: null, order: "record", from: 0, count: 1e6 } as const;
  tested = RUNS.map((run) => testBeats.find(results.run(run), query).beats);
  store.close();
}, 120_000);
afterAll(folder.remove);

interface Line {
  sample: number;
  symbol: string;
  label: string;
  probability: number;
}

/** Each exported model with the recording that its program classifies. */
const predictions = [
  { run: 1, format: "keras" },
  { run: 1, format: "savedmodel" },
  { run: 1, format: "onnx" },
  { run: 2, format: "onnx" },
  { run: 3, format: "savedmodel" },
  { run: 4, format: "keras" },
  { run: 6, format: "keras" },
  { run: 6, format: "savedmodel" },
  { run: 6, format: "onnx" },
] satisfies { run: number; format: ModelFormat }[];

/**
 * Runs a list of programs, each in a fork with its arguments, and writes a list of what they printed. The forks
 * have TensorFlow loaded, which takes 4 s of CPU time in each process that loads it.
 */
const RUN_EACH = `
import json, os, runpy, sys, tempfile
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import keras
def printed(program, record):
    with tempfile.TemporaryFile("w+") as output:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                os.dup2(output.fileno(), 1)
                sys.argv, sys.path[0] = [program, record], os.path.dirname(program)
                runpy.run_path(program, run_name="__main__")
                status = 0
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        _, status = os.waitpid(child, 0)
        if status != 0:
            sys.exit(f"{program} ended with status {status}")
        output.seek(0)
        return output.read()
programs = json.load(sys.stdin)
print(json.dumps([printed(*each) for each in programs]))
`;

function parseLines(output: string): Line[] {
  return output
    .trim()
    .split("\n")
    .map((line) => line.split("\t"))
    .map(([, sample, symbol, label, probability]) => ({
      sample: Number(sample),
      symbol,
      label,
      probability: Number(probability),
    }));
}

describe("the program beside an exported model", () => {
  const recordOf = (run: number): string => tested[run - 1][0].record;
  const reports: ExportReport[] = [];
  let outputs: string[];
  beforeAll(async () => {
    if (python === undefined) return;
    for (const { run, format } of predictions) {
      reports.push(...(await askEctopy<ExportReport[]>(["export", format, String(run), "--to", exported], options)));
    }
    const programs = predictions.map(({ run }, i) => [
      join(reports[i].place, "predict.py"),
      join(workspace, "datasets", "1", recordOf(run)),
    ]);
    outputs = await askPython<string[]>(RUN_EACH, programs);
  }, 300_000);

  it.for(predictions.map((prediction, i) => ({ ...prediction, i })))(
    "predicts the beats of a recording as the app does: run $run as $format",
    ({ run, i }, ctx) => {
      if (python === undefined)
        return ctx.skip("ECTOPY_PYTHON names no Python with wfdb, PyWavelets and the model's own package");
      const card = JSON.parse(readFileSync(join(reports[i].place, "model-card.json"), "utf8")) as ModelCard;
      const lines = new Map(parseLines(outputs[i]).map((line) => [line.sample, line]));
      const ours = tested[run - 1].filter((beat) => beat.record === recordOf(run));
      expect(ours.length).toBeGreaterThan(10);
      for (const { sample, truth, predicted, confidence } of ours) {
        const line = lines.get(sample)!;
        expect(card.classes[truth].symbols).toContain(line.symbol);
        // The program prints six digits.
        expect(Math.abs(line.probability - confidence)).toBeLessThan(1e-5);
        // Of two equally probable classes, either may come first.
        if (confidence > 0.5001) expect(line.label).toBe(card.classes[predicted].label);
      }
    },
  );

  it("runs by itself", async (ctx) => {
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with Keras");
    const { stdout } = await promisify(execFile)(
      python,
      [join(reports[0].place, "predict.py"), join(workspace, "datasets", "1", recordOf(predictions[0].run))],
      { env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "-1" }, maxBuffer: 1e8 },
    );
    expect(stdout).toBe(outputs[0]);
  });
});

describe("evaluating an exported model", () => {
  it("reproduces the metrics of its run", async () => {
    const [report] = await askEctopy<ExportReport[]>(["export", "keras", "1", "--to", exported], options);
    const model = join(report.place, "model.h5");
    const again = await askEctopy<RunDetails>(["test", model, "1"], options);
    const before = await askEctopy<RunDetails>(["show", "1"], options);
    expect(again.run.result!.test.confusion).toEqual(before.run.result!.test.confusion);
    expect(again.run.result!.validation.confusion).toEqual(before.run.result!.validation.confusion);
    expect(Math.abs(again.run.result!.test.loss - before.run.result!.test.loss)).toBeLessThan(1e-6);
    expect(again.run.settings.importedFrom).toBe("model.h5");
    // Known by the hashes in the model's file: a random split has beats of each recording in training and test set.
    expect(again.run.settings.trainedOnTest).toEqual(before.preparation.summary.recordsBySet!.test);
    const { stdout } = await runEctopy(["show", String(again.run.id)], options);
    expect(stdout).toContain("only tested here");
  });

  it("reproduces them from an archive of Keras 3, where the order of the classes is said", async (ctx) => {
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with Keras");
    const [report] = await askEctopy<ExportReport[]>(["export", "keras", "1", "--to", exported], options);
    const [model, archive] = ["model.h5", "model.keras"].map((name) => join(report.place, name));
    await askPython(
      "import keras, json, sys; h5, archive = json.load(sys.stdin); " +
        "keras.models.load_model(h5, compile=False).save(archive); print('null')",
      [model, archive],
    );
    const unknown = await runEctopy(["test", archive, "1"], options);
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining("does not name the classes")]);
    const card = JSON.parse(readFileSync(join(report.place, "model-card.json"), "utf8")) as ModelCard;
    const labels = card.classes.map(({ label }) => label);
    const again = await askEctopy<RunDetails>(["test", archive, "1", "--classes", labels.join(",")], options);
    const before = await askEctopy<RunDetails>(["show", "1"], options);
    expect(again.run.result!.test.confusion).toEqual(before.run.result!.test.confusion);
    expect(again.run.settings.importedFrom).toBe("model.keras");
    const reversed = [...labels].reverse().join(",");
    const other = await askEctopy<RunDetails>(["test", archive, "1", "--classes", reversed], options);
    const columns = before.run.result!.test.confusion.map((row) => [...row].reverse());
    expect(other.run.result!.test.confusion).toEqual(columns);
  });

  it("is refused for other classes or windows, and for a missing file", async () => {
    const [report] = await askEctopy<ExportReport[]>(["export", "keras", "1", "--to", exported], options);
    const model = join(report.place, "model.h5");
    await askEctopy(["prepare", "1", "--class-map", "aami"], options);
    await askEctopy(["prepare", "1", "--before", "250", "--after", "250"], options);
    const classes = await runEctopy(["test", model, "5"], options);
    expect([classes.status, classes.stderr]).toEqual([5, expect.stringContaining("classes, not 5")]);
    const window = await runEctopy(["test", model, "6"], options);
    expect([window.status, window.stderr]).toEqual([5, expect.stringContaining("window has 360 samples, not 180")]);
    const cut = join(folder.path, "cut.h5");
    writeFileSync(cut, readFileSync(model).subarray(0, 3000));
    const damaged = await runEctopy(["test", cut, "1"], options);
    expect([damaged.status, damaged.stderr]).toEqual([
      4,
      expect.stringContaining("is not a model that Keras or Ectopy saved"),
    ]);
    const missing = await runEctopy(["test", join(folder.path, "none.h5"), "1"], options);
    expect([missing.status, missing.stderr]).toEqual([3, expect.stringContaining("none.h5 does not exist.")]);
  });
});

describe("exporting", () => {
  it("skips an unchanged export, and never replaces files of others", async () => {
    const again = ["export", "tfjs", "1", "--to", exported];
    const [first] = await askEctopy<ExportReport[]>(again, options);
    expect(first.outcome).toBe("created");
    const [second] = await askEctopy<ExportReport[]>(again, options);
    expect(second).toEqual({ ...first, outcome: "unchanged" });
    // An older export of the same run is replaced.
    writeFileSync(join(first.place, ".ectopy-export"), "another");
    const [third] = await askEctopy<ExportReport[]>(again, options);
    expect(third.outcome).toBe("updated");
    const foreign = join(folder.path, "foreign");
    await runEctopy(["export", "tfjs", "1", "--to", foreign], options);
    writeFileSync(join(foreign, "ectopy-run-1-tfjs", "mine.txt"), "mine");
    const stamp = join(foreign, "ectopy-run-1-tfjs", ".ectopy-export");
    rmSync(stamp);
    const refused = await runEctopy(["export", "tfjs", "1", "--to", foreign], options);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("is not an export of Ectopy");
    expect(readFileSync(join(foreign, "ectopy-run-1-tfjs", "mine.txt"), "utf8")).toBe("mine");
  });

  it.each(["keras.h5", "onnx.ONNX"])("writes one run to the file that --to names: %s", async (name) => {
    const file = join(folder.path, "one file", name);
    const [report] = await askEctopy<ExportReport[]>(["export", name.split(".")[0], "1", "--to", file], options);
    expect(report).toMatchObject({ run: 1, place: file, outcome: "created" });
    expect(statSync(file).isFile()).toBe(true);
  });

  it("refuses a run that does not exist", async () => {
    const { status, stderr } = await runEctopy(["export", "onnx", "99", "--to", exported], options);
    expect(status).toBe(3);
    expect(stderr).toContain("There is no run 99.");
  });
});
