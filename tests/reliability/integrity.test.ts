/**
 * Stored files are compared with their hashes, by the real command line: damage is found, named, and repaired where
 * possible.
 */
import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VerificationReport, WorkspaceHealth } from "../../src/contract/domain/integrity.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import { preparationArrayFiles } from "../../src/pipeline/beats/preparation-format.ts";
import { askEctopy, expectRefusal, runEctopy, temporaryFolder } from "../support/command-line.ts";
import { makeWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
const workspace = join(folder.path, "workspace");
const options = { workspace };
const PREPARE = ["prepare", "1"];
const TRAIN = ["train", "1", "--model", "ann", "--epochs", "1", "--steps-per-epoch", "3"];

beforeAll(async () => {
  await makeWorkspace(workspace, [SAMPLE, PREPARE, TRAIN]);
});
afterAll(() => folder.remove());

/** Changes one bit in the middle of a file. @returns function that restores it */
function flipBit(...path: string[]): () => void {
  const file = join(workspace, ...path);
  const whole = readFileSync(file);
  const changed = Buffer.from(whole);
  changed[whole.length >> 1] ^= 1;
  writeFileSync(file, changed);
  return () => writeFileSync(file, whole);
}

/** @returns damaged files, such as `runs 1: weights.bin` */
async function verify(...args: string[]): Promise<string[]> {
  const { status, stdout } = await runEctopy(["verify", ...args, "--json"], options);
  const { items } = JSON.parse(stdout) as VerificationReport;
  const damaged = items.filter(({ state }) => state !== "sound");
  expect(status).toBe(damaged.length === 0 ? 0 : 4);
  return damaged.map(({ kind, id, damage }) => `${kind} ${id}: ${damage.map(({ name }) => name).join(", ")}`);
}

async function doctor(...args: string[]): Promise<WorkspaceHealth> {
  return JSON.parse((await runEctopy(["doctor", ...args, "--json"], options)).stdout) as WorkspaceHealth;
}
const messagesOf = ({ checks }: WorkspaceHealth): string[] =>
  checks.flatMap(({ findings }) => findings.map(({ message }) => message));

describe("a changed bit", () => {
  it("is found in every file of a dataset, a preparation and a run", async () => {
    expect(await verify()).toEqual([]);
    const files = ["datasets", "preparations", "runs"].flatMap((kind) =>
      readdirSync(join(workspace, kind, "1")).map((name) => ({ kind, name })),
    );
    expect(files.length).toBeGreaterThan(36 + preparationArrayFiles(() => false).length + 4);
    const undo = files.map(({ kind, name }) => flipBit(kind, "1", name));
    // The manifests first: a damaged one can't vouch for the other files.
    expect(await verify()).toEqual(["datasets", "preparations", "runs"].map((kind) => `${kind} 1: manifest.json`));
    for (const [i, { name }] of files.entries()) if (name === "manifest.json") undo[i]();
    const found = (await verify()).join(", ").split(/, |: /);
    for (const { name } of files) if (name !== "manifest.json") expect(found).toContain(name);
    for (const put of undo) put();
    expect(await verify("runs", "1")).toEqual([]);
  });

  it("in a preparation stops a training; preparing again restores the same files", async () => {
    for (const name of ["beats.f32", "recipe-lambda.f32", "train.u32", "beat-sample.u32"]) {
      const path = join(workspace, "preparations", "1", name);
      const whole = readFileSync(path);
      flipBit("preparations", "1", name);
      expectRefusal(await runEctopy(TRAIN, options), 4, /preparation in .* have changed since they were stored/);
      await askEctopy(PREPARE, options);
      expect(readFileSync(path).equals(whole), name).toBe(true);
    }
    expect(await verify()).toEqual([]);
  });

  it("in a stored recording stops a preparation; importing again restores it", async () => {
    flipBit("datasets", "1", "s03.atr");
    const other = ["prepare", "1", "--balancing", "none", "--seed", "7"];
    expectRefusal(await runEctopy(other, options), 4, /s03\.atr has changed since it was stored/);
    await askEctopy(["sample"], options);
    expect(await verify()).toEqual([]);
    await askEctopy(other, options);
  });

  it("in a model or its predictions stops every export", async () => {
    const exports = join(folder.path, "exports");
    const undo = flipBit("runs", "1", "weights.bin");
    for (const format of ["keras", "onnx", "tfjs", "savedmodel", "mlflow"]) {
      expectRefusal(
        await runEctopy(["export", format, "1", "--to", exports], options),
        4,
        /model of run 1 has changed since it was stored: weights\.bin/,
      );
    }
    undo();
    const undoPredictions = flipBit("runs", "1", "test-probabilities.f32");
    expectRefusal(
      await runEctopy(["export", "report", "1", "--to", exports], options),
      4,
      /test-probabilities\.f32 .*has changed since it was stored/,
    );
    undoPredictions();
  });
});

describe("ectopy doctor", () => {
  it("finds nothing in a sound workspace", async () => {
    expect(messagesOf(await doctor("--hashes"))).toEqual([]);
  });

  it("names lost files and repairs what is possible", async () => {
    const [backup] = readdirSync(join(workspace, "backups"));
    truncateSync(join(workspace, "backups", backup), 3000);
    appendFileSync(join(workspace, "backups", "x.sqlite.partial"), "half");
    rmSync(join(workspace, "runs", "1", "manifest.json"));
    rmSync(join(workspace, "preparations", "2"), { recursive: true });
    const found = messagesOf(await doctor()).join("\n");
    expect(found).toMatch(new RegExp(`The backup ${backup} can't be read`));
    expect(found).toMatch(/The folder of preparation 2 is missing/);
    expect(found).toMatch(/1 folders? of an earlier version/);
    expect(found).toMatch(/x\.sqlite\.partial was left/);
    expect(messagesOf(await doctor("--repair"))).toEqual(["The folder of preparation 2 is missing."]);
    expect(existsSync(join(workspace, "runs", "1", "manifest.json"))).toBe(true);
    await askEctopy(["prepare", "1", "--balancing", "none", "--seed", "7"], options);
    expect(messagesOf(await doctor("--hashes"))).toEqual([]);
  });
});

describe("the bin", () => {
  it("holds removed items, restores them with their dependencies, and deletes them when it is emptied", async () => {
    const { runs } = await askEctopy<{ runs: RunDetails[] }>(["runs"], options);
    const failed = runs.filter(({ run }) => run.status === "failed");
    for (const { run } of failed) await askEctopy(["remove", "run", String(run.id)], options);
    await askEctopy(["bin", "--empty"], options);
    await askEctopy(["remove", "run", "1"], options);
    expectRefusal(await runEctopy(["remove", "dataset", "1"], options), 5, /2 preparations need dataset 1/);
    await askEctopy(["remove", "preparation", "1"], options);
    const { items, bytes } = await askEctopy<{ items: unknown[]; bytes: number }>(["bin"], options);
    expect(items).toMatchObject([
      { title: "Preparation 1" },
      { title: expect.stringMatching(/^Run 1: ANN/) as string },
    ]);
    expect(bytes).toBeGreaterThan(1_000_000);
    const { stdout } = await runEctopy(["bin"], options);
    expect(stdout).toMatch(/^Preparation 1 +\d+\.\d MB +\d{4}-\d\d-\d\d \d\d:\d\d UTC$/m);
    await askEctopy(["restore", "run", "1"], options);
    expect(await askEctopy(["bin"], options)).toEqual({ items: [], bytes: 0 });
    await askEctopy(["remove", "run", "1"], options);
    await askEctopy(["bin", "--empty"], options);
    expect(existsSync(join(workspace, "runs", "1"))).toBe(false);
    expectRefusal(await runEctopy(["restore", "run", "1"], options), 3, /There is no run 1/);
  });
});
