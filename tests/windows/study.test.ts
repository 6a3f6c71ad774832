/**
 * A study on Windows, by the command line under Wine: recordings, a preparation, a training, its test and its export,
 * and a training that is killed and resumed. Results are those of Linux.
 *
 * Kernels of four floats per vector: with fused products, the compiler chooses which product of a sum is fused, and
 * Linux's addon is built by another compiler (tests/windows/kernels.test.ts compares the wide ones).
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Evaluation } from "../../src/contract/domain/evaluation.ts";
import type { ImportedDataset } from "../../src/contract/domain/datasets.ts";
import type { Preparation } from "../../src/contract/domain/preparation.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import { askEctopy } from "../support/command-line.ts";
import { writeSampleRecords } from "../support/sample-records.ts";
import { canRunWindows, makeWindows, NO_WINDOWS, windowsPath, type WindowsMachine } from "../support/windows.ts";

const CLI = "src/main/cli/ectopy.ts";
const environment = { ECTOPY_KERNEL_WIDTH: "4" };

const SHORT = ["--model", "ann", "--epochs", "3", "--steps-per-epoch", "40", "--threads", "1"];
/** Long enough to be killed after its first checkpoint. */
const LONG = ["--model", "ann", "--epochs", "40", "--steps-per-epoch", "40", "--threads", "1"];

let folder: string;
let windows: WindowsMachine | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy study-"));
  if (canRunWindows) windows = makeWindows();
});
afterAll(async () => {
  await windows?.remove();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach((ctx) => {
  if (!canRunWindows) ctx.skip(NO_WINDOWS);
});

describe.each(["kernels", "webassembly"])("a study on Windows, by the backend %s", (backend) => {
  const workspaces = { windows: `windows ${backend}`, linux: `linux ${backend}` };
  const pathOf = (name: string): string => join(folder, name);
  const arguments_ = (args: readonly string[]): string[] => [
    "--workspace",
    windowsPath(pathOf(workspaces.windows)),
    ...args,
  ];

  /** Runs a command on Windows, expects success, and returns its document. */
  async function onWindows<Document>(args: readonly string[]): Promise<Document> {
    const ended = await windows!.start(CLI, arguments_([...args, "--json"]), environment).ended;
    expect(ended.status, ended.stderr).toBe(0);
    return JSON.parse(ended.stdout) as Document;
  }

  const onLinux = <Document>(args: readonly string[]): Promise<Document> =>
    askEctopy<Document>(args, { workspace: pathOf(workspaces.linux), environment });

  interface Study {
    dataset: ImportedDataset;
    preparation: Preparation;
    short: RunDetails["run"];
    long: RunDetails["run"];
  }

  async function study(ask: typeof onLinux, records: string): Promise<Study> {
    const dataset = await ask<ImportedDataset>(["sample"]);
    await ask(["import", records, "--name", "Two patients"]);
    const { preparation } = await ask<{ preparation: Preparation }>(["prepare", "1"]);
    const { run: short } = await ask<RunDetails>(["train", "1", ...SHORT, "--backend", backend]);
    const { run: long } = await ask<RunDetails>(["train", "1", ...LONG, "--backend", backend]);
    return { dataset, preparation, short, long };
  }

  let studies: { windows: Study; linux: Study };
  beforeAll(async () => {
    if (windows === undefined) return;
    const records = pathOf(`records ${backend}`);
    writeSampleRecords(records, ["s01", "s02"]);
    studies = {
      windows: await study(onWindows, windowsPath(records)),
      linux: await study(onLinux, records),
    };
  });

  const metricsOf = ({ result }: RunDetails["run"]): { test: Evaluation; losses: number[][] } => ({
    test: result!.test,
    losses: result!.epochs.map(({ trainLoss, validationLoss }) => [trainLoss, validationLoss]),
  });
  const weightsOf = (workspace: string, run: number): Buffer =>
    readFileSync(join(pathOf(workspace), "runs", String(run), "weights.bin"));

  it("imports the same recordings", () => {
    expect(studies.windows.dataset.dataset.fingerprint).toBe(studies.linux.dataset.dataset.fingerprint);
    expect(studies.windows.dataset.report).toEqual(studies.linux.dataset.report);
  });

  it("prepares the same beats", () => {
    expect(studies.windows.preparation.summary).toEqual(studies.linux.preparation.summary);
    expect(studies.windows.preparation.fingerprint).toBe(studies.linux.preparation.fingerprint);
  });

  it("trains by this backend, to the same weights and metrics", () => {
    expect(studies.windows.short.result!.device.backend).toBe(backend);
    expect(studies.windows.short.result!.device.versions.tensorflow).toBe("");
    expect(metricsOf(studies.windows.short)).toEqual(metricsOf(studies.linux.short));
    expect(weightsOf(workspaces.windows, 1)).toEqual(weightsOf(workspaces.linux, 1));
  });

  it("resumes a killed training to the result of an uninterrupted one", async () => {
    const train = ["train", "1", ...LONG, "--backend", backend, "--checkpoint-every", "0.1"];
    const training = windows!.start(CLI, arguments_(train), environment);
    const checkpoints = join(pathOf(workspaces.windows), "checkpoints");
    const stored = (): string[] =>
      existsSync(checkpoints) ? readdirSync(checkpoints).filter((name) => !name.startsWith(".")) : [];
    for (let tries = 0; stored().length === 0 && tries < 12_000; tries++) await setTimeout(25);
    expect(stored().length, training.errorOutput()).toBeGreaterThan(0);
    training.child.kill("SIGKILL");
    await training.ended;

    const { run } = await onWindows<RunDetails>(["resume", "3"]);
    expect(run).toMatchObject({ id: 3, status: "completed", error: null });
    expect(metricsOf(run)).toEqual(metricsOf(studies.windows.long));
    expect(weightsOf(workspaces.windows, 3)).toEqual(weightsOf(workspaces.windows, 2));
    expect(metricsOf(run)).toEqual(metricsOf(studies.linux.long));
    expect(stored()).toEqual([]);
  });

  it("exports the model and the tables, and evaluates the exported model on the test set", async () => {
    const out = pathOf(`exports ${backend}`);
    await onWindows(["export", "keras", "1", "--to", windowsPath(out)]);
    await onWindows(["export", "csv", "1", "--to", windowsPath(out)]);
    const models = filesBelow(out).filter((path) => path.endsWith(".h5"));
    expect(models).toHaveLength(1);
    expect(filesBelow(out).some((path) => path.endsWith(".csv"))).toBe(true);
    const { run } = await onWindows<RunDetails>(["test", windowsPath(models[0]), "1"]);
    expect(run.result!.test.confusion).toEqual(studies.windows.short.result!.test.confusion);
  });
});

function filesBelow(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => join(path, name));
}
