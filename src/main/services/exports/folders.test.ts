import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { killAfter } from "../../../../tests/support/killed-process.ts";
import { exportFolder, sweepExports, writeExportFile } from "./folders.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy folders-"));
const module = join(import.meta.dirname, "folders.ts");
let parent: string;
let count = 0;
beforeEach(() => (parent = join(folder, `exports ${++count}`)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (text: string) => (path: string) => writeFileSync(join(path, "model.txt"), text);
const read = (name = "run-1"): string => readFileSync(join(parent, name, "model.txt"), "utf8");

/** An export in another process that is killed in the middle of it. */
const killedWhileWriting = (before?: (printed: string) => void): Promise<string> =>
  killAfter(
    module,
    `await module.exportFolder({ parent: ${JSON.stringify(parent)}, name: "run-1", stamp: "killed", write: async (path) => {
      (await import("node:fs")).writeFileSync(path + "/half", "x");
      console.log(path);
      await new Promise(() => {});
    } });`,
    before === undefined ? {} : { before },
  );

describe("an export", () => {
  it("refuses a file in the place of its folder", async () => {
    writeFileSync(parent, "a file");
    await expect(exportFolder({ parent, name: "run-1", stamp: "a", write: put("one") })).rejects.toMatchObject({
      code: "no-access",
    });
  });

  it("is there as a whole, is replaced by another state of the same, and leaves nothing else", async () => {
    expect(await exportFolder({ parent, name: "run-1", stamp: "a", write: put("one") })).toMatchObject({
      outcome: "created",
    });
    expect(await exportFolder({ parent, name: "run-1", stamp: "a", write: put("not written") })).toMatchObject({
      outcome: "unchanged",
    });
    expect(await exportFolder({ parent, name: "run-1", stamp: "b", write: put("two") })).toMatchObject({
      outcome: "updated",
    });
    expect(read()).toBe("two");
    await expect(
      exportFolder({ parent, name: "run-1", stamp: "c", write: () => Promise.reject(new Error("full")) }),
    ).rejects.toThrow("full");
    expect(read()).toBe("two");
    expect(readdirSync(parent)).toEqual(["run-1"]);
  });

  it("replaces nothing that is not Ectopy's", async () => {
    mkdirSync(join(parent, "run-1"), { recursive: true });
    await expect(exportFolder({ parent, name: "run-1", stamp: "a", write: put("one") })).rejects.toMatchObject({
      code: "usage",
    });
  });
});

describe("a single file of an export", () => {
  it("is there as a whole, with its folders, and leaves nothing else", () => {
    const place = join(parent, "datasets", "1", "meta.yaml");
    writeExportFile(parent, place, "one");
    writeExportFile(parent, place, "two");
    expect(readFileSync(place, "utf8")).toBe("two");
    expect(readdirSync(parent, { recursive: true }).sort()).toEqual(["datasets", "datasets/1", "datasets/1/meta.yaml"]);
  });

  it("leaves the existing folder unchanged where it can't be written", () => {
    const place = join(parent, "meta.yaml");
    mkdirSync(join(place, "in the way"), { recursive: true });
    expect(() => writeExportFile(parent, place, "one")).toThrow();
    expect(readdirSync(parent)).toEqual(["meta.yaml"]);
  });
});

describe("what a killed export left", () => {
  it("is removed by the next export into the same folder", async () => {
    await exportFolder({ parent, name: "run-1", stamp: "a", write: put("one") });
    const left = await killedWhileWriting();
    expect(existsSync(join(left, "half"))).toBe(true);
    await exportFolder({ parent, name: "run-2", stamp: "a", write: put("other") });
    expect(readdirSync(parent).sort()).toEqual(["run-1", "run-2"]);
    expect(read()).toBe("one");
  });

  it("stays while its process runs", async () => {
    let there: boolean | undefined;
    await killedWhileWriting((path) => {
      sweepExports(parent);
      there = existsSync(path);
    });
    expect(there).toBe(true);
  });

  it("is put back where it was renamed away and nothing has taken its place; else it is removed", async () => {
    await exportFolder({ parent, name: "run-1", stamp: "a", write: put("one") });
    // Between the two renames.
    const left = await killAfter(
      module,
      `const fs = await import("node:fs");
       const { syncBuiltinESMExports } = await import("node:module");
       const real = fs.default.renameSync;
       fs.default.renameSync = (from, to) => { real(from, to); console.log(to); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); };
       syncBuiltinESMExports();
       await module.exportFolder({ parent: ${JSON.stringify(parent)}, name: "run-1", stamp: "b", write: (path) => fs.writeFileSync(path + "/model.txt", "two") });`,
    );
    expect(existsSync(join(parent, "run-1"))).toBe(false);
    expect(readdirSync(parent)).toHaveLength(2);
    sweepExports(parent);
    expect(readdirSync(parent)).toEqual(["run-1"]);
    expect(read()).toBe("one");

    mkdirSync(left);
    sweepExports(parent);
    expect(readdirSync(parent)).toEqual(["run-1"]);
    expect(read()).toBe("one");
  });

  it("is distinguished from a folder with a similar name", () => {
    const others = [
      ".run-1.ectopy-new",
      ".incoming-abc",
      ".run-1.ectopy-old-x-1-y-0",
      "run-1.ectopy-new-00000000-1-0-0",
    ];
    for (const name of others) mkdirSync(join(parent, name), { recursive: true });
    sweepExports(parent);
    expect(readdirSync(parent).sort()).toEqual([...others].sort());
  });
});
