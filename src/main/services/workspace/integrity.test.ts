/** Backups, the bin on a full disk, manifests of folders of earlier versions, and the upkeep that does them. */
import Database from "better-sqlite3";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { addFinishedRun, addPreparation } from "../../../../tests/support/finished-runs.ts";
import { listBackups } from "../../store/backups.ts";
import { openWorkspace, type Workspace } from "../../store/workspace.ts";
import { createServices, type Services } from "../compose.ts";
import { startUpkeep } from "./upkeep.ts";

let folder: string;
let workspace: Workspace;
let services: Services;
let warnings: string[];
const warn = (message: string): number => warnings.push(message);
const signal = new AbortController().signal;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-integrity-"));
  warnings = [];
  workspace = openWorkspace(folder, "write", warn);
  services = createServices(workspace, warn);
  addPreparation(workspace);
  await addFinishedRun(workspace);
});
afterEach(async () => {
  await services.backups.settled();
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

const diskFull = (): EctopyError => new EctopyError("disk-full", "No space is left.", "Free some space.");
const remove = (run: number): void => workspace.removed.add("runs", run, new Date().toISOString());

describe("backups", () => {
  it("are made where the database has changed, and not twice of the same state", async () => {
    services.backups.request();
    services.backups.request();
    await services.backups.settled();
    expect(readdirSync(services.backups.folder)).toHaveLength(1);
    services.backups.request();
    services.backups.requestDaily();
    await services.backups.settled();
    expect(readdirSync(services.backups.folder)).toHaveLength(1);
  });

  it("of runs that end shortly after each other are made once for all", async () => {
    services.backups.request();
    await services.backups.settled();
    expect(listBackups(services.backups.folder)).toHaveLength(1);
    for (const run of [2, 3]) {
      await addFinishedRun(workspace, { seed: run });
      services.backups.request();
    }
    expect(listBackups(services.backups.folder)).toHaveLength(1);
    await services.backups.settled();
    const [newest] = listBackups(services.backups.folder);
    const backup = new Database(newest.path, { readonly: true });
    expect(backup.prepare("SELECT max(id) FROM runs").pluck().get()).toBe(3);
    backup.close();
  });

  it("that can't be made are said, and tried again", async () => {
    writeFileSync(services.backups.folder, "a file in its place");
    services.backups.request();
    await services.backups.settled();
    expect(warnings).toEqual([expect.stringContaining("No backup of the database could be made")]);
    rmSync(services.backups.folder);
    services.backups.request();
    await services.backups.settled();
    expect(readdirSync(services.backups.folder)).toHaveLength(1);
  });
});

describe("work on a full disk", () => {
  it("is done again once the bin has given its space", async () => {
    remove(1);
    let tries = 0;
    const work = (): Promise<string> => (tries++ === 0 ? Promise.reject(diskFull()) : Promise.resolve("done"));
    expect(await services.bin.withRoom(work)).toBe("done");
    expect(workspace.runs.find(1)).toBeUndefined();
    expect(warnings).toEqual(["The disk was full: the bin was emptied (1 item)."]);
  });

  it("fails where the bin has nothing to give, and for other reasons at once", async () => {
    let tries = 0;
    const failing = (error: Error) => () => {
      tries++;
      return Promise.reject(error);
    };
    await expect(services.bin.withRoom(failing(diskFull()))).rejects.toThrow("No space is left.");
    remove(1);
    await expect(services.bin.withRoom(failing(new Error("other")))).rejects.toThrow("other");
    expect(tries).toBe(2);
    expect(workspace.removed.list()).toHaveLength(1);
  });
});

describe("the upkeep of an open workspace", () => {
  it("writes the manifests of an earlier version's folders, and deletes what is long in the bin", async () => {
    await addFinishedRun(workspace, { seed: 2 });
    rmSync(join(workspace.path("runs", 2), "manifest.json"));
    const [before] = (await services.verifier.verify([{ kind: "runs", id: 2 }], { progress: () => {}, signal })).items;
    expect(before.state).toBe("unchecked");
    workspace.removed.add("runs", 1, "2020-01-01T00:00:00Z");
    const end = startUpkeep({ ...services, warn });
    await expect.poll(() => readdirSync(workspace.path("runs", 2)), { timeout: 30_000 }).toContain("manifest.json");
    await end();
    expect(workspace.runs.find(1)).toBeUndefined();
    const [after] = (await services.verifier.verify([{ kind: "runs", id: 2 }], { progress: () => {}, signal })).items;
    expect(after.state).toBe("sound");
    expect(warnings).toEqual([]);
  });

  it("writes no manifest for a folder that is not as the database describes it", async () => {
    rmSync(join(workspace.path("datasets", 1), "manifest.json"));
    writeFileSync(join(workspace.path("datasets", 1), "a.dat"), "changed");
    expect(await services.verifier.addManifest({ kind: "datasets", id: 1 }, signal)).toBe(false);
    const { items } = await services.verifier.verify(services.verifier.items(), { progress: () => {}, signal });
    expect(items.filter(({ state }) => state === "damaged")).toMatchObject([{ kind: "datasets", id: 1 }]);
  });
});

describe("what is restored", () => {
  it("brings back what it rests on", () => {
    for (const kind of ["runs", "preparations", "datasets"] as const) services.removal.remove(kind, 1);
    services.removal.restore("runs", 1);
    expect(workspace.removed.list()).toEqual([]);
  });
});
