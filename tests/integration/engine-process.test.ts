/** A training process from outside: its messages, and its end. */
import { fork, spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { networkSchema } from "../../src/contract/domain/networks.ts";
import type { TrainingSettings } from "../../src/contract/domain/training.ts";
import { findCpuAddon } from "../../src/engine/backends/cpu.ts";
import { trainingEnvironment } from "../../src/engine/processes/process-environment.ts";
import type { TrainingEvent, TrainingJob } from "../../src/engine/processes/training-messages.ts";
import { entryPoint } from "../../src/main/entry-points.ts";
import { NO_GPU, softwareGpuEnvironment } from "../support/software-gpu.ts";
import { NO_KERNELS, tinyPreparation, tinySettings, writeTinyPreparation } from "../support/tiny-training.ts";

const program = fileURLToPath(entryPoint("training-process"));
let root: string;
let preparationFolder: string;
let fingerprint: string;
let runs = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ectopy-process-"));
  preparationFolder = join(root, "preparation");
  mkdirSync(preparationFolder);
  fingerprint = writeTinyPreparation(preparationFolder, tinyPreparation());
});
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(root, { recursive: true, force: true });
});

function makeJob(settings: TrainingSettings, folder = preparationFolder): TrainingJob {
  const outputFolder = join(root, `output-${runs++}`);
  mkdirSync(outputFolder);
  return {
    settings,
    preparation: 1,
    preparationFolder: folder,
    dataFingerprint: fingerprint,
    outputFolder,
    version: "1.2.3",
    checkpoint: null,
    imported: null,
    initial: null,
    adapter: null,
  };
}

interface Ended {
  events: TrainingEvent[];
  status: number | null;
  signal: NodeJS.Signals | null;
  errors: string;
}

/** @param onEvent may send messages to the process, or close its channel */
function runProcess(
  job: TrainingJob,
  onEvent?: (event: TrainingEvent, child: ChildProcess) => void,
  environment: Record<string, string> = {},
): Promise<Ended> {
  const child = fork(program, [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, ...trainingEnvironment({ threads: job.settings.threads, gpu: false }), ...environment },
  });
  started.push(child);
  const events: TrainingEvent[] = [];
  let errors = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (errors += text));
  child.on("message", (event: TrainingEvent) => {
    events.push(event);
    onEvent?.(event, child);
  });
  child.send({ type: "start", job });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ events, status, signal, errors }));
  });
}

const ofType = <Type extends TrainingEvent["type"]>(
  events: readonly TrainingEvent[],
  type: Type,
): Extract<TrainingEvent, { type: Type }>[] =>
  events.filter((event): event is Extract<TrainingEvent, { type: Type }> => event.type === type);

/** Each of its steps takes as long as many messages. */
const longSteps = networkSchema.parse({
  name: "long steps",
  layers: [1, 2].map((i) => ({ id: `conv-${i}`, kind: "conv1d", filters: 640, kernelSize: 9, activation: "relu" })),
});

describe("a training process", () => {
  it("reports its device, its progress, each epoch, and the result, after it stored the model", async () => {
    const job = makeJob(tinySettings("ann"));
    const filesAtEnd: string[] = [];
    const { events, status, signal, errors } = await runProcess(job, ({ type }) => {
      if (type !== "done") return;
      for (const name of ["model.json", "weights.bin"]) readFileSync(join(job.outputFolder, name));
      filesAtEnd.push("model");
    });
    expect(status, `${signal}: ${errors}`).toBe(0);
    expect(filesAtEnd).toEqual(["model"]);
    const order = events.map(({ type }) => type);
    expect(order[0]).toBe("device");
    expect(order.at(-1)).toBe("done");
    const [{ device }] = ofType(events, "device");
    expect(device.versions.ectopy).toBe("1.2.3");
    expect(device.versions.node).toBe(process.versions.node);
    expect(ofType(events, "epoch").map(({ metrics }) => metrics.epoch)).toEqual([1, 2, 3]);
    // Progress is throttled, but the end of an epoch is always reported: 60 beats in batches of 16 are 4 steps.
    for (const epoch of [1, 2, 3]) {
      const last = ofType(events, "progress").findLast(({ progress }) => progress.epoch === epoch)!.progress;
      expect(last).toMatchObject({ step: 4, steps: 4, epochs: 3 });
    }
    const evaluated = new Set(ofType(events, "evaluating").map(({ progress }) => progress.stage));
    expect(evaluated).toContain("Evaluating on test");
    const [{ result }] = ofType(events, "done");
    expect(result.epochs).toEqual(ofType(events, "epoch").map(({ metrics }) => metrics));
    expect(result.device).toEqual({ ...device, peakMemory: expect.any(Number) as number });
    // Node alone needs more than 50 MB; a tiny network adds little.
    expect(result.device.peakMemory).toBeGreaterThan(50e6);
    expect(result.device.peakMemory).toBeLessThan(1.5e9);
    expect(result.test.confusion.flat().reduce((a, b) => a + b)).toBe(15);
    // 15 test beats, 3 classes.
    const bytes = readFileSync(join(job.outputFolder, "test-probabilities.f32"));
    expect(bytes.length).toBe(15 * 3 * 4);
    expect(events.some(({ type }) => type === "failed")).toBe(false);
  });

  it("gives the same result again for the same seed", async () => {
    const outcome = async (): Promise<unknown> => {
      const job = makeJob(tinySettings("ann", { epochs: 2 }));
      const { events } = await runProcess(job);
      const [{ result }] = ofType(events, "done");
      const weights = readFileSync(join(job.outputFolder, "weights.bin")).toString("hex");
      return { test: result.test, losses: result.epochs.map(({ trainLoss }) => trainLoss), weights };
    };
    expect(await outcome()).toEqual(await outcome());
  });

  it("trains on a GPU by WebGPU as on the processor", async (ctx) => {
    const environment = softwareGpuEnvironment();
    if (Object.keys(environment).length === 0) ctx.skip(NO_GPU);
    const settings = tinySettings("ann", { epochs: 1 });
    const [gpu, processor] = await Promise.all([
      runProcess(makeJob({ ...settings, backend: "webgpu" }), undefined, environment),
      runProcess(makeJob(settings)),
    ]);
    const [{ device }] = ofType(gpu.events, "device");
    expect(device).toMatchObject({ backend: "webgpu", kernels: expect.stringContaining("SwiftShader") as string });
    const [mine, theirs] = [gpu, processor].map(({ events }) => ofType(events, "done")[0].result);
    expect(mine.test.loss).toBeCloseTo(theirs.test.loss, 4);
    expect(mine.test.confusion).toEqual(theirs.test.confusion);
    expect(ofType(gpu.events, "warning")).toEqual([]);
  });

  it("refuses WebGPU where there is no GPU", async () => {
    const nothing = { VK_ICD_FILENAMES: "/nonexistent.json", ECTOPY_ALLOW_SOFTWARE_GPU: "0" };
    const { events } = await runProcess(makeJob(tinySettings("ann", { backend: "webgpu" })), undefined, nothing);
    expect(events).toMatchObject([
      {
        type: "failed",
        error: { code: "engine-unavailable", message: expect.stringMatching(/no GPU was found/) as string },
      },
    ]);
  });

  it("names the missing description of a preparation", async () => {
    const missing = join(root, "missing");
    const { events, status } = await runProcess(makeJob(tinySettings("ann"), missing));
    expect(status).toBe(0);
    expect(events.map(({ type }) => type)).toEqual(["failed"]);
    const [{ error }] = ofType(events, "failed");
    expect(error.code).toBe("damaged-file");
    expect(error.subject).toEqual({ kind: "preparations", id: 1 });
    expect(error.message).toContain(join(missing, "preparation.json"));
    expect(error.fix).not.toBe("");
  });

  it("stops on request, and keeps the best epoch so far", async () => {
    const job = makeJob(tinySettings("ann", { epochs: 100_000 }));
    const { events, status } = await runProcess(job, (event, child) => {
      if (event.type === "epoch" && event.metrics.epoch === 2) child.send({ type: "cancel" });
    });
    expect(status).toBe(0);
    const [{ result }] = ofType(events, "done");
    expect(result.cancelled).toBe(true);
    expect(result.epochs.length).toBeGreaterThanOrEqual(2);
    expect(result.epochs.length).toBeLessThan(100_000);
    const losses = result.epochs.map(({ validationLoss }) => validationLoss);
    expect(result.validation.loss).toBe(Math.min(...losses));
    expect(readFileSync(join(job.outputFolder, "weights.bin")).length).toBeGreaterThan(0);
  });

  it("reports that there is nothing to keep if it is stopped in the first epoch", async () => {
    const job = makeJob(tinySettings("ann", { epochs: 100_000 }));
    const { events, status } = await runProcess(job, ({ type }, child) => {
      if (type === "device") child.send({ type: "cancel" });
    });
    // The request arrives while the network is built, or in one of the first epochs.
    expect(status).toBe(0);
    const last = events.at(-1)!;
    if (last.type === "failed") expect(last.error.code).toBe("cancelled");
    else expect(last).toMatchObject({ type: "done", result: { cancelled: true } });
  });

  it.for(["kernels", "webassembly"] as const)(
    "drops a step that takes long on a pause and on a cancellation, and repeats it after the pause: %s",
    async (backend, ctx) => {
      if (backend === "kernels" && findCpuAddon() === null) return ctx.skip(NO_KERNELS);
      const folder = join(root, `checkpoint-${backend}`);
      mkdirSync(folder);
      const steps: number[] = [];
      const stepsWhenPaused: number[] = [];
      const { events } = await runProcess(makeJob(tinySettings(longSteps, { backend })), (event, child) => {
        if (event.type === "progress") {
          steps.push(event.progress.step);
          child.send({ type: steps.length === 1 ? "pause" : "cancel" });
        } else if (event.type === "paused") {
          stepsWhenPaused.push(...steps);
          child.send({ type: "checkpoint", folder });
        } else if (event.type === "checkpoint") {
          child.send({ type: "continue" });
        }
      });
      // The process continues with the next step before its parent sees the progress.
      expect(stepsWhenPaused).toEqual([1]);
      expect(ofType(events, "checkpoint")).toMatchObject([{ steps: 1 }]);
      expect(steps).toEqual([1, 2]);
      expect(ofType(events, "failed")).toMatchObject([{ error: { code: "cancelled" } }]);
    },
  );

  it("ends when its parent is killed, since nothing would receive the result", async () => {
    const job = makeJob(tinySettings("ann", { epochs: 100_000 }));
    const parent = spawn(process.execPath, ["--input-type=module", "-e", PARENT, program, JSON.stringify(job)], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    started.push(parent);
    const pid = await new Promise<number>((resolve, reject) => {
      parent.stdout.setEncoding("utf8").once("data", (text: string) => resolve(Number(text)));
      parent.once("exit", () => reject(new Error("The parent ended by itself.")));
    });
    expect(isRunning(pid)).toBe(true);
    parent.kill("SIGKILL");
    const deadline = Date.now() + 10_000;
    while (isRunning(pid) && Date.now() < deadline) await setTimeout(20);
    const left = isRunning(pid);
    if (left) process.kill(pid, "SIGKILL");
    expect(left).toBe(false);
  });
});

/** Starts a training, and prints the id of its process after the first epoch. */
const PARENT = `
import { fork } from "node:child_process";
const [program, job] = process.argv.slice(1);
const child = fork(program, [], {
  execArgv: [],
  serialization: "advanced",
  stdio: ["ignore", "ignore", "ignore", "ipc"],
});
child.on("message", ({ type, metrics }) => type === "epoch" && metrics.epoch === 1 && console.log(child.pid));
child.send({ type: "start", job: JSON.parse(job) });
`;

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
