/** `ectopy classify`: folders that are imported first, detection first, ensembles, and classifications that are stopped. */
import Database from "better-sqlite3";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClassificationResult } from "../../src/contract/domain/classification.ts";
import { askEctopy, runEctopy, startEctopy, temporaryFolder, type CommandOptions } from "../support/command-line.ts";
import { writeSampleRecords } from "../support/sample-records.ts";
import { makeMeasuredWorkspace, SAMPLE, UNBALANCED } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
const training = ["train", "1", "--model", "ann", "--epochs", "1", "--steps-per-epoch", "3"];
afterAll(folder.remove);

beforeAll(async () => {
  await makeMeasuredWorkspace(options.workspace, [SAMPLE, UNBALANCED]);
  for (const seed of ["1", "2"]) await askEctopy([...training, "--seed", seed], options);
});

interface Classified {
  run: { id: number };
  results: ClassificationResult[];
}
const classify = (...args: string[]): Promise<Classified> => askEctopy<Classified>(["classify", ...args], options);

/** Reads the database while a command writes it. */
function stored(): { drafts: number; sets: string[] } {
  const database = new Database(join(options.workspace, "ectopy.sqlite"), { readonly: true });
  const count = "SELECT count(DISTINCT record) FROM classification_drafts";
  const drafts = database.prepare<[], number>(count).pluck().get()!;
  const sets = database.prepare<[], string>("SELECT name FROM annotation_sets ORDER BY id").pluck().all();
  database.close();
  return { drafts, sets };
}

describe("a classification that is stopped", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)("by %s stores no set, and continues where it ended", async (signal) => {
    const name = `stopped-${signal}`;
    const { child, ended } = startEctopy(["classify", "1", "1", "--name", name, "--json"], options);
    await expect.poll(() => stored().drafts, { interval: 5, timeout: 60_000 }).toBeGreaterThan(0);
    child.kill(signal);
    const end = await ended;
    if (signal === "SIGTERM") expect(end.status, end.stderr).toBe(130);
    const { drafts, sets } = stored();
    expect(drafts).toBeGreaterThan(0);
    expect(sets).not.toContain(name);
    const { results } = await classify("1", "1", "--name", name);
    expect(stored().drafts).toBe(0);
    const { results: whole } = await classify("1", "1", "--name", "whole");
    expect(results[0].recordings).toEqual(whole[0].recordings);
    expect(results[0].recordings).toHaveLength(12);
  });
});

describe("a folder", () => {
  it("is imported, and classified by an ensemble on the R-peaks that are detected first", async () => {
    const records = join(folder.path, "records");
    writeSampleRecords(records, ["s02", "s03"]);
    for (const name of ["s02", "s03"]) rmSync(join(records, `${name}.atr`));
    await askEctopy(["ensemble", "1", "2"], options);
    const { stdout, stderr } = await runEctopy(["classify", "3", records, "--check"], options);
    expect(stderr).not.toMatch(/^Error/m);
    expect(stdout).toContain("imported as dataset 2");
    expect(stdout).toContain("2 recordings without heartbeats: their R-peaks are detected first.");
    const { run, results } = await classify("3", records);
    expect(run.id).toBe(3);
    expect(results[0].set).toMatchObject({ datasetId: 2, parent: "detected", runs: [3] });
    expect(results[0].recordings.map(({ record }) => record)).toEqual(["s02", "s03"]);
    const { sets } = await askEctopy<{ sets: { name: string }[] }>(["sets", "2"], options);
    expect(sets.map(({ name }) => name)).toContain("detected");
  });

  it("is refused for several runs: an ensemble is made of them first", async () => {
    const { status, stderr } = await runEctopy(["classify", "1,2", "1"], options);
    expect(status).toBe(2);
    expect(stderr).toContain("ectopy ensemble 1 2");
  });
});
