/** The log of a workspace: what it holds, and what it never holds. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settingsSchema } from "../../../contract/settings/app-settings.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { formatEntry } from "../../base/read-log.ts";
import { openServices, type Services } from "../compose.ts";

let folder: string;
let services: Services;
const settings = settingsSchema.parse({
  workspace: "/home/ana/Smith",
  mlflow: { address: "https://mlflow.clinic.example", experiment: "Smith" },
});
const text = (): string => services.log.read({ lines: 1000, level: "debug" }).map(formatEntry).join("\n");

const ended = async (job: number): Promise<void> => {
  await expect.poll(() => services.jobs.list().find(({ id }) => id === job)?.state, { timeout: 30_000 }).toBe("failed");
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-log-smith-"));
  services = openServices(join(folder, "workspace"), { mode: "write", warn: () => {} });
});
afterEach(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An import that fails: its title, its message and its path name a patient. */
async function failedImport(): Promise<void> {
  const recordings = join(folder, "Smith_John");
  mkdirSync(recordings);
  writeFileSync(join(recordings, "smith.hea"), "smith 1 360 10\n# 69 M John Smith, room 12\n");
  const job = services.jobs.start({ kind: "import", title: "Import of Smith_John" }, async (watch) => {
    const { dataset } = await services.datasets.importFrom(recordings, watch);
    return dataset.id;
  });
  await ended(job.id);
}

describe("the log", () => {
  it("says that the workspace was opened, and by which version", () => {
    expect(services.log.read({ lines: 5, level: "info" })).toMatchObject([{ module: "workspace", level: "info" }]);
    expect(text()).toMatch(/Opened by Ectopy \d+\.\d+\.\d+/);
  });

  it("gives number, kind and code of a failed job, and nothing of the recording or its path", async () => {
    await failedImport();
    expect(text()).toMatch(/warning jobs \[\d+\] Job 1 \(import\) failed: (nothing-usable|damaged-file)/);
    expect(text()).not.toMatch(/smith|john|room 12/i);
  });

  it("gives the trace of a fault of Ectopy's own", async () => {
    const job = services.jobs.start({ kind: "check", title: "Check" }, () => {
      throw new TypeError("Cannot read properties of undefined (reading 'beats')");
    });
    await ended(job.id);
    expect(services.log.read({ lines: 5, level: "error" })).toMatchObject([{ module: "jobs" }]);
    expect(text()).toMatch(/Job 1 \(check\) failed: TypeError: .*'beats'.* \| at .*log\.test\.ts/);
  });
});

describe("the report for support", () => {
  it("holds versions, machine, settings and log, without paths, addresses and names", async () => {
    await failedImport();
    const { fileName, text: report } = await services.log.supportReport(settings);
    expect(fileName).toMatch(/^ectopy-support-\d{4}-\d\d-\d\d\.txt$/);
    for (const title of ["Versions", "Machine", "Workspace", "Settings", "Log, last"]) expect(report).toContain(title);
    expect(report).toContain("workspace: chosen folder");
    expect(report).toContain("Job 1 (import) failed");
    expect(report).not.toMatch(/smith|ana\b|clinic|john/i);
    expect(report).not.toContain(folder);
  });

  it("is written for a workspace with default settings", async () => {
    const { text: report } = await services.log.supportReport(settingsSchema.parse({}));
    expect(report).toContain("workspace: default folder");
  });
});

it("leaves the messages of expected errors out of the log, as they name recordings", async () => {
  const job = services.jobs.start({ kind: "import", title: "x" }, () =>
    Promise.reject(new EctopyError("damaged-file", "Record smith is cut short.", "Copy it again.")),
  );
  await ended(job.id);
  expect(text()).toContain("damaged-file");
  expect(text()).not.toContain("smith");
});
