/** The queue of runs: one after the other, paused, resumed, stopped; and left with a checkpoint when the app closes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { windowLengthOf } from "../../src/contract/domain/preparation.ts";
import { DEFAULT_SEED, defaultPreparation, defaultTraining } from "../../src/contract/settings/defaults.ts";
import type { RunStatus, TrainingSettings } from "../../src/contract/domain/training.ts";
import { createServices, type Services } from "../../src/main/services/compose.ts";
import { RunQueue, type RunEvent } from "../../src/main/services/training/run-queue.ts";
import { openWorkspace, type Workspace } from "../../src/main/store/workspace.ts";
import { temporaryFolder } from "../support/command-line.ts";

const folder = temporaryFolder();
const settings = (epochs: number, seed = 1): TrainingSettings => ({
  ...defaultTraining("ann"),
  epochs,
  stepsPerEpoch: 20,
  seed,
});

let workspace: Workspace;
let services: Services;
let queue: RunQueue;
let events: RunEvent[];

function open(): void {
  workspace = openWorkspace(join(folder.path, "workspace"), "write", () => {});
  services = createServices(workspace, () => {});
  events = [];
  queue = new RunQueue(services.training, (event) => events.push(event));
}

beforeAll(async () => {
  open();
  const watch = { progress: () => {}, signal: new AbortController().signal };
  await services.datasets.makeSample(DEFAULT_SEED, watch);
  const preparation = { ...defaultPreparation("intra-patient"), balancing: "none" as const };
  await services.preparations.prepare(1, preparation, watch);
  workspace.close();
}, 60_000);
beforeEach(open);
afterEach(async () => {
  await queue.close();
  workspace.close();
});
afterAll(folder.remove);

const statusOf = (id: number): RunStatus => workspace.runs.find(id)!.status;
const logOf = (id: number): string[] => workspace.runLog.ofRun(id).map(({ message }) => message);
const weightsOf = (id: number): Buffer => readFileSync(join(workspace.path("runs", id), "weights.bin"));

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 1200) throw new Error("It did not come to that in a minute.");
    await setTimeout(50);
  }
}
/** Measured durations of a run with the settings of these tests. */
function speedOf(given: TrainingSettings) {
  const { settings: prepared, summary } = workspace.preparations.find(1)!;
  const shape = { windowLength: windowLengthOf(prepared), classes: summary.labels.length };
  return services.hardware.speed(given, shape);
}
const epochsOf = (id: number): number => events.filter(({ type, run }) => type === "epoch" && run === id).length;

describe("a queue of runs", () => {
  it("remembers how long a run took, for estimates; not of one that was paused", async () => {
    const paused = { ...settings(60), batch: 32 };
    const whole = settings(60);
    const first = queue.add(1, paused).id;
    await until(() => epochsOf(first) > 0);
    queue.pause(first);
    await until(() => statusOf(first) === "paused");
    queue.resume(first);
    const second = queue.add(1, whole).id;
    await until(() => statusOf(second) === "completed");
    expect(await speedOf(paused)).toBeNull();
    const { startedAt, finishedAt } = workspace.runs.find(second)!;
    const took = (Date.parse(finishedAt!) - Date.parse(startedAt!)) / 1000;
    const speed = (await speedOf(whole))!;
    expect(speed.source).toBe("run");
    expect(speed.milliseconds).toBeGreaterThan(0);
    expect(speed.predictionMilliseconds).toBeGreaterThan(0);
    expect(speed.fixedSeconds).toBeGreaterThan(0);
    expect(speed.fixedSeconds).toBeLessThan(took);
  });

  it("trains one run after the other; a waiting run can be removed", async () => {
    const [first, second, third] = [1, 2, 3].map((seed) => queue.add(1, settings(2, seed)).id);
    const nothingYet = { progress: null, evaluating: null, blocked: null };
    expect(queue.state).toEqual({ current: first, ...nothingYet, waiting: [second, third] });
    expect(statusOf(second)).toBe("queued");
    queue.stop(second);
    await until(() => statusOf(third) === "completed");
    expect(statusOf(first)).toBe("completed");
    expect(statusOf(second)).toBe("cancelled");
    expect(logOf(second)).toEqual(["Removed from the queue."]);
    const log = logOf(third);
    expect(log[0]).toBe("Started.");
    expect(log[1]).toMatch(/^Device: .*\. Backend: Ectopy.s kernels \(/);
    expect(log[2]).toMatch(/^Epoch 1: lowest validation loss so far, \d\.\d{4} nats \(macro F1 \d+\.\d\d %\)\.$/);
    const { bestEpoch } = workspace.runs.find(third)!.result!;
    expect(log.at(-1)).toBe(`Completed. Best epoch ${bestEpoch} of 2, evaluated on the test set.`);
    expect(events.filter(({ type, run }) => type === "epoch" && run === first)).toHaveLength(2);
    const begunThird = events.findIndex(({ type, run }) => type === "progress" && run === third);
    const lastOfFirst = events.findLastIndex(({ type, run }) => type === "epoch" && run === first);
    expect(begunThird).toBeGreaterThan(lastOfFirst);
    // Every step was reported and stored.
    expect(workspace.runs.steps(first).losses).toHaveLength(40);
    expect(workspace.runs.steps(first).losses.every((loss) => loss > 0)).toBe(true);
  });

  it("pauses and resumes a run, with the same result as an uninterrupted one", async () => {
    const calm = queue.add(1, settings(60)).id;
    await until(() => statusOf(calm) === "completed");
    const { id } = queue.add(1, settings(60));
    await until(() => epochsOf(id) >= 2);
    queue.pause(id);
    await until(() => statusOf(id) === "paused");
    const seen = epochsOf(id);
    await setTimeout(500);
    expect(epochsOf(id)).toBe(seen);
    expect(workspace.checkpoints.ofRun(id).length).toBeGreaterThan(0);
    queue.resume(id);
    await until(() => statusOf(id) === "completed");
    expect(weightsOf(id)).toEqual(weightsOf(calm));
    expect(workspace.runs.steps(id).losses).toEqual(workspace.runs.steps(calm).losses);
    expect(workspace.checkpoints.ofRun(id)).toEqual([]);
  });

  it("stops a paused run, and keeps its best epoch", async () => {
    const { id } = queue.add(1, settings(1000));
    await until(() => epochsOf(id) >= 2);
    queue.pause(id);
    await until(() => statusOf(id) === "paused");
    queue.stop(id);
    await until(() => statusOf(id) === "cancelled");
    expect(workspace.runs.find(id)!.result!.epochs.length).toBeGreaterThanOrEqual(2);
  });

  it("leaves a run with a checkpoint when it is closed, and resumes it the next time", async () => {
    const calm = queue.add(1, settings(60)).id;
    await until(() => statusOf(calm) === "completed");
    const { id } = queue.add(1, settings(60));
    await until(() => epochsOf(id) >= 2);
    await queue.close();
    expect(statusOf(id)).toBe("paused");
    workspace.close();
    open();
    expect(statusOf(id)).toBe("paused");
    queue.resume(id);
    await until(() => statusOf(id) === "completed");
    expect(weightsOf(id)).toEqual(weightsOf(calm));
    expect(workspace.runs.steps(id).losses).toEqual(workspace.runs.steps(calm).losses);
    const log = logOf(id);
    const left = log.indexOf("Suspended at a checkpoint, as Ectopy was closed.");
    expect(log[left - 1]).toBe("Paused at a checkpoint.");
    expect(log[left + 1]).toMatch(/^Resumed from its checkpoint after \d+ epochs? and \d+ steps?\.$/);
  });

  it("closes without an error before the process of a started run exists", async () => {
    const { id } = queue.add(1, settings(50));
    // The run starts at once, its process later.
    expect(queue.state.current).toBe(id);
    await queue.close();
    expect(queue.state.current).toBeNull();
    expect(statusOf(id)).not.toBe("running");
  });

  it("refuses to resume an ended run, and a preparation that does not exist", () => {
    const completed = workspace.runs.list().find(({ status }) => status === "completed")!;
    expect(() => queue.resume(completed.id)).toThrow(/is completed and can.t be resumed/);
    expect(() => queue.add(99, settings(1))).toThrow(/no preparation 99/);
  });
});
