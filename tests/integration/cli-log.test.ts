/** `ectopy log`: what it prints, by level and number, and the report for support. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogEntry, SupportReport } from "../../src/contract/domain/log.ts";
import { runEctopy, temporaryFolder, type CommandOptions } from "../support/command-line.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
afterAll(folder.remove);

beforeAll(async () => {
  const recordings = join(folder.path, "Smith_John");
  mkdirSync(recordings);
  writeFileSync(join(recordings, "smith.hea"), "smith 1 360 10\n# 69 M John Smith\n");
  expect((await runEctopy(["import", recordings], options)).status).toBe(4);
  expect((await runEctopy(["sample"], options)).status).toBe(0);
});

const entries = async (...args: string[]): Promise<LogEntry[]> => {
  const { status, stdout, stderr } = await runEctopy(["log", "--json", ...args], options);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return (JSON.parse(stdout) as { entries: LogEntry[] }).entries;
};

describe("ectopy log", () => {
  it("prints the newest entries, one a line, oldest first", async () => {
    const { status, stdout } = await runEctopy(["log"], options);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\S+Z info workspace \[\d+\] Opened by Ectopy [\d.]+/);
    expect(stdout).toMatch(/Closed\n$/);
  });

  it("prints the requested number of lines at a level", async () => {
    expect(await entries("--lines", "1")).toMatchObject([{ level: "info", module: "workspace", text: "Closed" }]);
    const errors = await entries("--level", "error");
    expect(errors).toMatchObject([{ level: "error", module: "cli" }]);
    expect(errors[0].text).toMatch(/^The command import failed: (nothing-usable|damaged-file)/);
  });

  it("holds no names of recordings and no paths", async () => {
    const { stdout } = await runEctopy(["log", "--lines", "1000", "--level", "debug"], options);
    expect(stdout).not.toMatch(/smith|john/i);
    expect(stdout).not.toContain(folder.path);
  });

  it("prints a report for support", async () => {
    const { stdout } = await runEctopy(["log", "--support-report"], options);
    expect(stdout).toMatch(/^Ectopy: report for support\n/);
    const json = await runEctopy(["log", "--support-report", "--json"], options);
    const { fileName, text } = JSON.parse(json.stdout) as SupportReport;
    expect(fileName).toMatch(/^ectopy-support-/);
    expect(text).toContain("1 dataset, 0 preparations");
    expect(text).not.toMatch(/smith|john/i);
    expect(text).not.toContain(folder.path);
  });

  it("refuses a level that does not exist, and more lines than it holds", async () => {
    expect((await runEctopy(["log", "--level", "loud"], options)).status).toBe(2);
    expect((await runEctopy(["log", "--lines", "100000"], options)).status).toBe(2);
  });

  it("needs a workspace", async () => {
    const { status } = await runEctopy(["log"], { workspace: join(folder.path, "nowhere") });
    expect(status).toBe(3);
  });
});
