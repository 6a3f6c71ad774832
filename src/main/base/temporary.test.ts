import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { killAfter } from "../../../tests/support/killed-process.ts";
import { inTemporaryFolder, makeTemporaryFolder, sweepTemporary } from "./temporary.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy temporary-"));
const module = join(import.meta.dirname, "temporary.ts");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("while a workspace is owned", () => {
  const workspace = join(folder, "workspace");

  it("creates folders in it that only this user can read, and elsewhere after it is closed", () => {
    const leave = sweepTemporary(workspace);
    const made = makeTemporaryFolder("upload");
    expect(dirname(made)).toBe(join(workspace, "temporary"));
    if (process.platform !== "win32") {
      expect(statSync(made).mode & 0o777).toBe(0o700);
      expect(statSync(dirname(made)).mode & 0o777).toBe(0o700);
    }
    leave();
    const elsewhere = makeTemporaryFolder("upload");
    expect(elsewhere.startsWith(tmpdir())).toBe(true);
    rmSync(made, { recursive: true });
    rmSync(elsewhere, { recursive: true });
  });

  it("removes the folders of a killed process when it is opened next", async () => {
    const left = await killAfter(
      module,
      `module.sweepTemporary(${JSON.stringify(workspace)}); console.log(module.makeTemporaryFolder("unpacked"));`,
    );
    writeFileSync(join(left, "large.dat"), "x");
    expect(dirname(left)).toBe(join(workspace, "temporary"));
    sweepTemporary(workspace)();
    expect(readdirSync(join(workspace, "temporary"))).toEqual([]);
  });

  it("creates them elsewhere if the workspace cannot be written", () => {
    const blocked = join(folder, "blocked");
    mkdirSync(blocked);
    writeFileSync(join(blocked, "temporary"), "a file in the way");
    const leave = sweepTemporary(blocked);
    const made = makeTemporaryFolder("sample");
    leave();
    expect(statSync(made).isDirectory()).toBe(true);
    rmSync(made, { recursive: true });
  });
});

describe("without a workspace", () => {
  const system = join(folder, "system");
  mkdirSync(system);
  const environment = { TMPDIR: system, TEMP: system, TMP: system };
  const make = 'console.log(module.makeTemporaryFolder("graph"));';

  it("names the process, keeps folders of running processes, and removes those of killed ones", async () => {
    mkdirSync(join(system, "ectopy-notes"));
    let other = "";
    const first = await killAfter(module, make, { environment });
    expect(existsSync(first)).toBe(true);
    const second = await killAfter(module, make, {
      environment,
      before: (running) => (other = running),
    });
    // The second process removed the folder of the first one, which was killed before.
    expect(existsSync(first)).toBe(false);
    expect(second).toBe(other);
    await killAfter(module, make, { environment });
    expect(existsSync(second)).toBe(false);
    expect(readdirSync(system)).toContain("ectopy-notes");
  });

  it("keeps the folder of a running process", async () => {
    await killAfter(module, make, {
      environment,
      before: (running) => {
        for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
        try {
          sweepTemporary(join(folder, "another workspace"))();
        } finally {
          vi.unstubAllEnvs();
        }
        expect(existsSync(running)).toBe(true);
      },
    });
  });
});

it("removes a folder after success and failure of the step", async () => {
  let made = "";
  const failing = inTemporaryFolder("keras", (path) => {
    made = path;
    writeFileSync(join(path, "model.h5"), "x");
    return Promise.reject(new Error("no"));
  });
  await expect(failing).rejects.toThrow("no");
  expect(existsSync(made)).toBe(false);
});
