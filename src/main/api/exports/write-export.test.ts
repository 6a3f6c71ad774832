import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addFinishedRun, addPreparation } from "../../../../tests/support/finished-runs.ts";
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { PreferenceStore } from "../../store/preferences.ts";
import { startNodeProcess } from "../../workers/processes/node-process.ts";
import { createHost, type Host } from "../host.ts";
import type { ExportWork } from "./export-messages.ts";
import { startExport } from "./start-export.ts";
import { writeExport } from "./write-export.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy-write-export-"));
let host: Host;
let workspace: string;
const watch = { progress: () => {}, signal: new AbortController().signal };

beforeAll(async () => {
  host = createHost(join(folder, "workspace"), new PreferenceStore(join(folder, "settings.json")), () => {});
  workspace = host.workspace.folder;
  addPreparation(host.workspace);
  for (const seed of [1, 2]) await addFinishedRun(host.workspace, { seed });
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Returns every file below a folder, by its path there. */
function filesBelow(place: string): Map<string, string> {
  const paths = readdirSync(place, { recursive: true, encoding: "utf8" }).toSorted();
  const files = paths.filter((path) => statSync(join(place, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(place, path)).toString("base64")]));
}

async function untilEnded({ id }: JobSnapshot): Promise<JobSnapshot> {
  for (;;) {
    const job = host.jobs.list().find((each) => each.id === id)!;
    if (job.state !== "running") return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Prepares a destination that does not answer, like a disk that waits: the process blocks when it reads whether an
 * earlier export is there, until something is written into the pipe.
 */
function blockedDestination(parent: string): string {
  const place = join(parent, "ectopy-run-1-csv");
  mkdirSync(place, { recursive: true });
  const pipe = join(place, ".ectopy-export");
  execFileSync("mkfifo", [pipe]);
  return pipe;
}

const network = { systemProxy: null, authorityFile: "" };

it("writes the same bytes as the services, with progress", async () => {
  const stages = new Set<string>();
  const following = { ...watch, progress: ({ stage }: { stage: string }) => void stages.add(stage) };
  const [there, here] = [join(folder, "there"), join(folder, "here")];
  const work: ExportWork[] = [
    { kind: "csv", runs: [1, 2], folder: there },
    { kind: "report", runs: [1], folder: there, pdf: true },
    { kind: "model", runs: [1], format: "onnx", folder: there },
  ];
  for (const each of work) {
    const [report] = await writeExport(startNodeProcess, { workspace, network, work: each }, following);
    expect(report).toMatchObject({ outcome: "created" });
  }
  const { exports, reports } = host.services;
  await reports.csv([1, 2], here, watch);
  await reports.report([1], here, { pdf: true }, watch);
  await exports.models([1], "onnx", here, watch);
  expect(filesBelow(there)).toEqual(filesBelow(here));
  expect([...stages]).toEqual(expect.arrayContaining(["Writing tables", "Writing the report", "Exporting models"]));
});

it("reports the error of the services", async () => {
  const work: ExportWork = { kind: "csv", runs: [99], folder };
  await expect(writeExport(startNodeProcess, { workspace, network, work }, watch)).rejects.toMatchObject({
    code: "not-found",
  });
});

describe.skipIf(process.platform === "win32")("while the destination does not answer", () => {
  it("answers calls, and completes the export once the destination answers", async () => {
    const to = join(folder, "slow");
    const pipe = blockedDestination(to);
    const { job } = startExport(host.exporting, { kind: "csv", runs: [1], folder: to });
    // Opens once the process reads it, and then waits in a system call.
    const writer = await open(pipe, "w");
    expect((await host.handlers["runs.get"]({ run: 1 })).run.id).toBe(1);
    expect(host.jobs.list().find(({ id }) => id === job.id)?.state).toBe("running");
    await writer.writeFile("an earlier export, which is replaced");
    await writer.close();
    expect(await untilEnded(job)).toMatchObject({ state: "done", error: null });
    expect(readdirSync(join(to, "ectopy-run-1-csv"))).toContain("runs.csv");
  });

  it("cancels it by ending its process", async () => {
    const to = join(folder, "stuck");
    const pipe = blockedDestination(to);
    const abort = new AbortController();
    const work: ExportWork = { kind: "csv", runs: [1], folder: to };
    const written = writeExport(startNodeProcess, { workspace, network, work }, { ...watch, signal: abort.signal }, 0);
    const writer = await open(pipe, "w");
    abort.abort();
    await expect(written).rejects.toBeInstanceOf(CancelledError);
    await writer.close();
  });
});
