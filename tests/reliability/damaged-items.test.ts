/**
 * A preparation and a dataset with changed files: every reader names the damaged item, and a repair or another import
 * restores it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultPreparation, defaultTraining } from "../../src/contract/settings/defaults.ts";
import { reportError, type ErrorReport } from "../../src/contract/domain/errors.ts";
import type { StoredItem } from "../../src/contract/domain/integrity.ts";
import type { JobSnapshot } from "../../src/contract/domain/jobs.ts";
import type { StartedJob } from "../../src/contract/api/methods.ts";
import type { RunStatus } from "../../src/contract/domain/training.ts";
import { createHost, type Host } from "../../src/main/api/host.ts";
import { PreferenceStore } from "../../src/main/store/preferences.ts";

const folder = mkdtempSync(join(tmpdir(), "ectopy damaged-"));
const settings = { ...defaultPreparation("intra-patient"), denoising: "none", balancing: "none" } as const;
const dataset: StoredItem = { kind: "datasets", id: 1 };
const preparation: StoredItem = { kind: "preparations", id: 1 };
let host: Host;

beforeAll(async () => {
  host = createHost(join(folder, "workspace"), new PreferenceStore(join(folder, "settings.json")), () => {});
  await done(host.handlers["datasets.makeSample"]({ seed: 1 }));
  await done(host.handlers["preparations.prepare"]({ dataset: 1, settings }));
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

async function until<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await setTimeout(50);
  }
}
async function ended(started: StartedJob | Promise<StartedJob>): Promise<JobSnapshot> {
  const { id } = (await started).job;
  return until(() => host.jobs.list().find((job) => job.id === id && job.state !== "running"));
}
async function done(started: StartedJob | Promise<StartedJob>): Promise<JobSnapshot> {
  const job = await ended(started);
  expect(job).toMatchObject({ state: "done", error: null });
  return job;
}

function flipByte({ kind, id }: StoredItem, name: string): void {
  const path = join(host.workspace.path(kind, id), name);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(path, bytes);
}

/** Items with problems in the last check. */
async function found(): Promise<(StoredItem | undefined)[]> {
  const health = await host.handlers["workspace.health"]({});
  return health!.checks.flatMap(({ findings }) => findings.flatMap(({ item }) => item ?? []));
}

async function failureOf(asked: () => unknown): Promise<ErrorReport> {
  try {
    await asked();
  } catch (error) {
    return reportError(error);
  }
  throw new Error("It did not fail.");
}

it("fails a training whose preparation is damaged, prepares it again, the same, and then trains", async () => {
  const { fingerprint } = host.workspace.preparations.find(1)!;
  flipByte(preparation, "train.u32");
  // A given number of threads is not measured before the training.
  const training = { ...defaultTraining("ann"), epochs: 1, stepsPerEpoch: 5, threads: 1 };
  const { run } = await host.handlers["training.start"]({ preparation: 1, settings: training });
  const end = async (): Promise<RunStatus> =>
    until(() => {
      const { status } = host.workspace.runs.find(run)!;
      return host.queue.state.current === null ? status : undefined;
    });
  expect(await end()).toBe("failed");
  expect(host.workspace.runs.find(run)!.error).toMatchObject({ code: "damaged-file", subject: preparation });
  // The error as every list of runs shows it.
  expect(host.workspace.runOverviews.find(run)!.error).toMatchObject({ subject: preparation });

  await done(host.handlers["workspace.check"]({ hashes: true, repair: false }));
  expect(await found()).toEqual([preparation]);
  expect(await done(host.handlers["preparations.repair"]({ preparation: 1 }))).toMatchObject({ subject: 1 });
  expect(await found()).toEqual([]);
  expect(host.workspace.preparations.find(1)!.fingerprint).toBe(fingerprint);
  // The page of the run offers the repair no more.
  const { error } = host.workspace.runs.find(run)!;
  expect(error).toMatchObject({ code: "damaged-file", fix: "Preparation 1 was prepared again. Resume the run." });
  expect(error).not.toHaveProperty("subject");
  await done(host.handlers["workspace.check"]({ hashes: true, repair: false }));
  expect(await found()).toEqual([]);

  await host.handlers["training.resume"]({ run });
  expect(await end()).toBe("completed");
});

it("names the damaged preparation when the beats of a run are shown or exported", async () => {
  flipByte(preparation, "test.u32");
  const exported = await ended(host.handlers["exports.csv"]({ runs: [1], folder: join(folder, "export") }));
  expect(exported).toMatchObject({ state: "failed", error: { code: "damaged-file", subject: preparation } });
  const query = { truth: null, predicted: null, order: "record", from: 0, count: 1 } as const;
  const failure = await failureOf(() => host.handlers["comparison.beats"]({ run: 1, query }));
  expect(failure).toMatchObject({ code: "damaged-file", subject: preparation });
  await done(host.handlers["preparations.repair"]({ preparation: 1 }));
  const { total } = await host.handlers["comparison.beats"]({ run: 1, query });
  expect(total).toBeGreaterThan(0);
});

it("names the damaged dataset when a recording is shown or prepared, until it is imported again", async () => {
  const [{ name: record }] = host.workspace.datasets.records(1);
  flipByte(dataset, `${record}.dat`);
  const shown = await failureOf(() => host.handlers["recordings.signal"]({ dataset: 1, record, from: 0, to: 100 }));
  expect(shown).toMatchObject({ code: "damaged-file", subject: dataset });
  flipByte(preparation, "beats.f32");
  const repair = await ended(host.handlers["preparations.repair"]({ preparation: 1 }));
  expect(repair).toMatchObject({ state: "failed", error: { code: "damaged-file", subject: dataset } });

  await done(host.handlers["workspace.check"]({ hashes: true, repair: false }));
  expect(await found()).toEqual([dataset, preparation]);
  await done(host.handlers["datasets.makeSample"]({ seed: 1 }));
  expect(await found()).toEqual([preparation]);
  await done(host.handlers["preparations.repair"]({ preparation: 1 }));
  expect(await found()).toEqual([]);
});

it("refuses to repair a preparation that does not exist", async () => {
  const failure = await failureOf(() => host.handlers["preparations.repair"]({ preparation: 99 }));
  expect(failure.code).toBe("not-found");
});
