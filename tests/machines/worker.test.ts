/** Workers on a cluster folder: real training processes, interrupted and continued, against an uninterrupted training. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  attemptFolder,
  EVENTS_FILE,
  clusterResultSchema,
  readClusterFile,
  RESULT_FILE,
  runFolder,
  type ClusterResult,
} from "../../src/main/cluster/cluster-files.ts";
import { readEvents } from "../../src/main/cluster/event-log.ts";
import { writeClusterFolder } from "../../src/main/cluster/write-cluster-folder.ts";
import { version } from "../../src/main/version.ts";
import type { PackedWorker } from "../../src/main/services/cluster/pack-worker.ts";
import type { WorkerReport } from "../../src/main/cluster/worker.ts";
import type { TrainingEvent } from "../../src/engine/processes/training-messages.ts";
import type { TrainingSettings } from "../../src/contract/domain/training.ts";
import { askEctopy, expectRefusal, runEctopy, startEctopy, temporaryFolder } from "../support/command-line.ts";
import { tinyPreparation, tinySettings, writeTinyPreparation } from "../support/tiny-training.ts";

/** Hides the addon from Node. */
const WITHOUT_KERNELS = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const exists = fs.existsSync;
fs.existsSync = (path) => !/ectopy_engine.*[.]node$/.test(String(path)) && exists(path);
syncBuiltinESMExports();`;

describe("workers on a cluster folder", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let shared: string;
  beforeEach(() => {
    folder = temporaryFolder();
    shared = join(folder.path, "shared");
  });
  afterEach(() => folder.remove());

  /** Writes a cluster folder of one run for each of the settings. */
  async function makeClusterFolder(runs: readonly TrainingSettings[]): Promise<void> {
    const preparationFolder = join(folder.path, "preparation");
    mkdirSync(preparationFolder);
    const fingerprint = writeTinyPreparation(preparationFolder, tinyPreparation());
    await writeClusterFolder(shared, {
      experiment: 1,
      runs: runs.map((settings) => ({ settings, preparation: 1, fingerprint, preparationFolder })),
    });
  }
  const settled = (settings: Partial<TrainingSettings> = {}): TrainingSettings =>
    tinySettings("ann", { threads: 1, backend: "kernels", ...settings });
  const work = (...options: string[]): Promise<WorkerReport> =>
    askEctopy<WorkerReport>(["worker", shared, ...options], { workspace: join(folder.path, "none") });
  const resultOf = (run: number): ClusterResult =>
    readClusterFile(join(runFolder(shared, run), RESULT_FILE), clusterResultSchema)!;
  const outputOf = (run: number): Record<string, string> => {
    const output = join(attemptFolder(runFolder(shared, run), resultOf(run).attempt), "output");
    return Object.fromEntries(readdirSync(output).map((name) => [name, readFileSync(join(output, name), "base64")]));
  };
  const eventsOf = (run: number): TrainingEvent[] => {
    const { attempt, events } = resultOf(run);
    return readEvents(join(attemptFolder(runFolder(shared, run), attempt), EVENTS_FILE), 0, events).events;
  };

  it("train every run, need no workspace, and leave nothing to do", async () => {
    await makeClusterFolder([settled(), settled({ seed: 43 })]);
    expect(await work()).toEqual({ done: [1, 2], failed: [], elsewhere: [] });
    expect(await work()).toEqual({ done: [], failed: [], elsewhere: [] });
    expect(existsSync(join(folder.path, "none"))).toBe(false);
    expect(resultOf(1)).toMatchObject({ attempt: 1, result: { cancelled: false, test: { perClass: { length: 3 } } } });
    expect(eventsOf(1).filter(({ type }) => type === "epoch")).toHaveLength(3);
    expect(outputOf(1)).not.toEqual(outputOf(2));
  });

  it("train the same bytes in a new process and in one that has trained another run", async () => {
    await makeClusterFolder([settled(), settled({ seed: 43, network: "cnn" }), settled()]);
    expect((await work("--runs", "1")).done).toEqual([1]);
    expect((await work()).done).toEqual([2, 3]);
    expect(outputOf(3)).toEqual(outputOf(1));
    expect(resultOf(3).result.test).toEqual(resultOf(1).result.test);
    const isLarger = resultOf(3).result.device.peakMemory! > 2 * resultOf(1).result.device.peakMemory!;
    expect(isLarger).toBe(false);
  });

  it("train by WebAssembly where a machine lacks the kernels that were chosen for it", async () => {
    await makeClusterFolder([settled({ tuned: ["backend"] }), settled()]);
    const without = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(WITHOUT_KERNELS)}` };
    const options = { workspace: folder.path, environment: without };
    const { done, failed } = await askEctopy<WorkerReport>(["worker", shared], options);
    expect(done).toEqual([1]);
    expect(resultOf(1).result.device.backend).toBe("webassembly");
    // The user asked for the kernels.
    expect(failed).toMatchObject([{ run: 2, error: { code: "engine-unavailable" } }]);
  });

  it("continue a stopped run to the same result, byte for byte", async () => {
    const settings = settled({ epochs: 400 });
    await makeClusterFolder([settings, settings]);
    const first = startEctopy(["worker", shared, "--runs", "1", "--checkpoint-every", "0.2"], {
      workspace: folder.path,
    });
    await first.waitForOutput(/epoch 2\d of/);
    first.child.kill("SIGTERM");
    expect(await first.ended).toMatchObject({ status: 0 });
    expect(existsSync(join(runFolder(shared, 1), RESULT_FILE))).toBe(false);
    expect(await work()).toEqual({ done: [1, 2], failed: [], elsewhere: [] });
    expect(resultOf(1).attempt).toBe(2);
    expect(resultOf(2).attempt).toBe(1);
    expect(outputOf(1)).toEqual(outputOf(2));
    const losses = (run: number): number[] =>
      eventsOf(run).flatMap((event) => (event.type === "steps" ? [...event.curves.losses] : []));
    expect(losses(1)).toHaveLength(400 * 4);
    expect(losses(1)).toEqual(losses(2));
  });

  it("take over a run whose worker was killed, after its silence", async () => {
    await makeClusterFolder([settled({ epochs: 400 })]);
    const first = startEctopy(["worker", shared, "--checkpoint-every", "0.1"], { workspace: folder.path });
    await first.waitForOutput(/epoch 2\d of/);
    first.child.kill("SIGKILL");
    await first.ended;
    expect(await work()).toEqual({ done: [], failed: [], elsewhere: [1] });
    const attempt = attemptFolder(runFolder(shared, 1), 1);
    const fourMinutesAgo = Date.now() / 1000 - 240;
    utimesSync(join(attempt, "alive.json"), fourMinutesAgo, fourMinutesAgo);
    expect(await work()).toEqual({ done: [1], failed: [], elsewhere: [] });
    expect(resultOf(1).attempt).toBe(2);
    expect(eventsOf(1).filter(({ type }) => type === "epoch")).toHaveLength(400);
  });

  it("leave a run to a worker whose clock is an hour off", async () => {
    await makeClusterFolder([settled({ epochs: 100_000 })]);
    const shift = "const now = Date.now; Date.now = () => now() - 3_600_000;";
    const slow = startEctopy(["worker", shared], {
      workspace: folder.path,
      environment: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shift)}` },
    });
    await slow.waitForOutput(/epoch \d+ of/);
    expect(await work()).toEqual({ done: [], failed: [], elsewhere: [1] });
    slow.child.kill("SIGTERM");
    expect(await slow.ended).toMatchObject({ status: 0 });
  });

  it("refuse a cluster folder of another version, and a folder without one", async () => {
    await makeClusterFolder([settled()]);
    const path = join(shared, "experiment.json");
    const content = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...content, version: "0.0.9" }));
    expectRefusal(
      await runEctopy(["worker", shared], { workspace: folder.path }),
      4,
      /is of Ectopy 0\.0\.9, and this is/,
    );
    expectRefusal(await runEctopy(["worker", folder.path], { workspace: folder.path }), 3, /no runs of an experiment/);
  });

  it("take no second run where the first one fails at once", async () => {
    await makeClusterFolder([settled(), settled({ seed: 43 })]);
    for (const name of readdirSync(join(shared, "data"))) writeFileSync(join(shared, "data", name, "beats.f32"), "");
    const { status, stderr } = await runEctopy(["worker", shared], { workspace: folder.path });
    expect(stderr).toMatch(/first run failed on .* have changed[^]*Start the experiment again/);
    expect(status).toBe(7);
    expect(existsSync(join(runFolder(shared, 2), "attempt-1"))).toBe(false);
  });

  it("begin no run that was cancelled", async () => {
    await makeClusterFolder([settled(), settled({ seed: 43 })]);
    writeFileSync(join(runFolder(shared, 1), "cancel"), "");
    expect(await work()).toEqual({ done: [2], failed: [], elsewhere: [] });
    writeFileSync(join(shared, "cancel"), "");
    expect(await work()).toEqual({ done: [], failed: [], elsewhere: [] });
  });

  it("train from an archive, with an empty home folder and no Node in PATH, to the same bytes", async () => {
    const system = `linux-${process.arch}`;
    const { path } = await askEctopy<PackedWorker>(["pack-worker", "--system", system, "--to", folder.path], {
      workspace: join(folder.path, "none"),
    });
    const node = join(folder.path, "node");
    mkdirSync(node);
    execFileSync("tar", ["-xzf", path, "-C", node]);
    const [name] = readdirSync(node);
    await makeClusterFolder([settled(), settled()]);
    expect((await work("--runs", "1")).done).toEqual([1]);
    const home = join(folder.path, "home");
    mkdirSync(home);
    const packed = (...args: string[]): string =>
      execFileSync(join(node, name, "ectopy"), args, { env: { HOME: home, PATH: "/nowhere" }, encoding: "utf8" });
    expect(packed("--version").trim()).toBe(version);
    expect(JSON.parse(packed("worker", shared, "--json"))).toEqual({ done: [2], failed: [], elsewhere: [] });
    expect(outputOf(2)).toEqual(outputOf(1));
    expect(readdirSync(home)).toEqual([]);
  });

  it("begin each of 1,000 runs once, where two race for them", async () => {
    for (let run = 1; run <= 1000; run++) mkdirSync(runFolder(shared, run), { recursive: true });
    const entry = join(import.meta.dirname, "../support/begin-runs.ts");
    const racers = await Promise.all(
      ["node1", "node2"].map((host) => runEctopy([shared, host], { workspace: folder.path, entry })),
    );
    const begun = racers.map(({ stdout, stderr }) => (JSON.parse(stdout) as { begun: number[] }).begun ?? stderr);
    expect([...begun[0], ...begun[1]].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    // Both took part in the race.
    expect(Math.min(...begun.map(({ length }) => length))).toBeGreaterThan(0);
  });
});
