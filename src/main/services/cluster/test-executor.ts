/** Tests an executor: a worker trains one step on two made-up classes, and its result comes back. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import type { Executor } from "../../../contract/domain/executors.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import { trainingSettingsSchema, type DeviceInfo } from "../../../contract/domain/training.ts";
import { preparationFingerprint } from "../../../engine/training/preparation-files.ts";
import { DESCRIPTION_FILE, type PreparationArrays } from "../../../pipeline/beats/preparation-format.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import { runState } from "../../cluster/attempts.ts";
import {
  clusterResultSchema,
  readClusterFile,
  RESULT_FILE,
  runFolder,
  type ClusterOwner,
} from "../../cluster/cluster-files.ts";
import { checkVersions } from "../../cluster/executors/check-versions.ts";
import { startWorkers, stopWorkers, workersState } from "../../cluster/executors/executor.ts";
import { LOGS_FOLDER } from "../../cluster/executors/worker-plan.ts";
import { writeClusterFolder } from "../../cluster/write-cluster-folder.ts";
import { makePrivateFolder } from "../../base/private-files.ts";
import type { StartedWorkers } from "../../store/cluster-experiments.ts";
import { logOf } from "./worker-logs.ts";

export interface ExecutorTest {
  owner: ClusterOwner;
  device: DeviceInfo;
  /** From the start of the worker to its result, waiting included. */
  seconds: number;
}

const INTERVAL_MS = 500;
/** Consecutive checks without a worker after which the test has failed: its result may appear late on a shared disk. */
const MAX_IDLE_CHECKS = 10;

/** @throws EctopyError: what is wrong, with the last lines of the worker's log; CancelledError */
export async function testExecutor(
  executor: Executor,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
): Promise<ExecutorTest> {
  const source = mkdtempSync(join(tmpdir(), "ectopy-executor-test-"));
  let shared = "";
  let workers: StartedWorkers[] = [];
  try {
    const fingerprint = writeExample(source);
    shared = folderIn(executor.folder);
    const settings = trainingSettingsSchema.parse({
      network: "ann",
      epochs: 1,
      batch: 4,
      learningRate: 0.001,
      patience: 0,
      stepsPerEpoch: 1,
      seed: 42,
      threads: 1,
      backend: "kernels",
      // A machine without kernels for its processor trains by WebAssembly.
      tuned: ["backend"],
    });
    const runs = [{ settings, preparation: 1, fingerprint, preparationFolder: source }];
    await writeClusterFolder(shared, { experiment: 1, runs });
    makePrivateFolder(join(shared, LOGS_FOLDER));
    progress({ stage: "Checking the version", done: 0, total: 1, unit: "steps" });
    await checkVersions(executor);
    const began = performance.now();
    workers = await startWorkers(executor, shared, 1);
    const run = runFolder(shared, 1);
    for (let idle = 0; ;) {
      if (signal.aborted) throw new CancelledError("The test of the executor was cancelled.");
      const state = runState(run, null);
      if (state.state === "done") break;
      if (state.state === "failed") throw failed(state.error.message, shared);
      const reported = (await workersState(executor, workers, shared))?.state ?? null;
      const isWorking = reported === null || reported.waiting > 0 || reported.running.length > 0;
      idle = isWorking || state.state === "running" ? 0 : idle + 1;
      if (idle > MAX_IDLE_CHECKS) throw failed("The worker ended without a result.", shared);
      const stage = reported !== null && reported.waiting > 0 ? "Waiting for a machine" : "Training one step";
      progress({ stage, done: 0, total: 1, unit: "steps", ...(reported?.reason && { detail: reported.reason }) });
      await wait(INTERVAL_MS);
    }
    const { owner, result } = readClusterFile(join(run, RESULT_FILE), clusterResultSchema)!;
    return { owner, device: result.device, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    await stopWorkers(executor, workers);
    throw error;
  } finally {
    rmSync(source, { recursive: true, force: true });
    if (shared !== "") rmSync(shared, { recursive: true, force: true });
  }
}

function folderIn(folder: string): string {
  try {
    return mkdtempSync(join(folder, "ectopy-test-"));
  } catch (error) {
    throw systemError(error, `the shared folder ${folder}`);
  }
}

function failed(message: string, shared: string): EctopyError {
  const log = logOf(shared, "");
  return new EctopyError(
    "server-unsuitable",
    log === "" ? message : `${message} The worker's log ends: ${log}`,
    "Check the command and the shared folder: both must be valid on the other machine.",
  );
}

/** Writes 16 beats of two classes as a preparation. @returns its fingerprint */
function writeExample(folder: string): string {
  const [beats, length] = [16, 8];
  const numbers = Uint32Array.from({ length: beats }, (_, i) => i);
  const arrays = {
    "beats.f32": Float32Array.from({ length: beats * length }, (_, i) => Math.sin(i + (Math.floor(i / length) % 2))),
    "classes.u8": Uint8Array.from(numbers, (beat) => beat % 2),
    "beat-record.u32": new Uint32Array(beats),
    "beat-sample.u32": numbers,
    "recipe-base.u32": new Uint32Array(0),
    "recipe-neighbour.u32": new Uint32Array(0),
    "recipe-lambda.f32": new Float32Array(0),
    "train.u32": numbers.subarray(0, 8),
    "validation.u32": numbers.subarray(8, 12),
    "test.u32": numbers.subarray(12),
  } satisfies PreparationArrays;
  const description = { windowLength: length, labels: ["N", "V"], records: ["example"], beats };
  writeFileSync(join(folder, DESCRIPTION_FILE), JSON.stringify(description));
  for (const [name, array] of Object.entries(arrays)) writeFileSync(join(folder, name), array);
  return preparationFingerprint(folder);
}
