import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Attempt, runState } from "./attempts.ts";
import {
  ALIVE_FILE,
  CHECKPOINT_FILE,
  OWNER_FILE,
  refusedFile,
  RESULT_FILE,
  writeClusterFile,
  writeClusterFileOnce,
} from "./cluster-files.ts";

const owner = { host: "node1", pid: 12, job: "" };
const times = { intervalMs: 1000, timeoutMs: 60_000 };
const error = { code: "training-failed" as const, message: "The loss is NaN.", fix: "" };

describe("attempts to train a run", () => {
  let run: string;
  beforeEach(() => (run = mkdtempSync(join(tmpdir(), "ectopy run-"))));
  afterEach(() => rmSync(run, { recursive: true }));

  const begin = (next: number): Attempt => Attempt.begin(run, next, owner)!;
  /** Sets the last sign of life back, as the file system's clock shows it. */
  const silent = ({ folder }: Attempt, seconds: number): void => {
    const then = Date.now() / 1000 - seconds;
    utimesSync(join(folder, ALIVE_FILE), then, then);
  };

  it("are begun by one worker only", () => {
    expect(runState(run, "node1", times)).toEqual({ state: "free", next: 1, failure: null });
    expect(Attempt.begin(run, 1, owner)).toBeInstanceOf(Attempt);
    expect(Attempt.begin(run, 1, { ...owner, host: "node2" })).toBeNull();
    expect(runState(run, "node2", times)).toEqual({ state: "running", attempt: 1 });
  });

  it("are over after a silence, and the next one replaces them", () => {
    const first = begin(1);
    silent(first, 59);
    expect(runState(run, "node2", times)).toEqual({ state: "running", attempt: 1 });
    silent(first, 61);
    expect(runState(run, "node2", times)).toEqual({ state: "free", next: 2, failure: null });
    expect(first.isReplaced).toBe(false);
    const second = begin(2);
    expect(first.isReplaced).toBe(true);
    expect(second.isReplaced).toBe(false);
  });

  it("count a folder without a first sign of life as begun", () => {
    mkdirSync(join(run, "attempt-1"));
    expect(runState(run, "node1", times)).toEqual({ state: "running", attempt: 1 });
  });

  it("can be continued at once after a stop", () => {
    begin(1).end({ outcome: "stopped" });
    expect(runState(run, "node1", times)).toEqual({ state: "free", next: 2, failure: null });
  });

  it("are not repeated on a machine where one failed, and nowhere after two failures", () => {
    begin(1).end({ outcome: "failed", host: "node1", error });
    expect(runState(run, "node1", times)).toEqual({ state: "failed", error });
    expect(runState(run, "node2", times)).toEqual({ state: "free", next: 2, failure: error });
    begin(2).end({ outcome: "failed", host: "node2", error });
    expect(runState(run, "node3", times)).toEqual({ state: "failed", error });
    expect(runState(run, null, times)).toEqual({ state: "failed", error });
  });

  it("end after five that disappeared without a checkpoint in between", () => {
    for (let i = 1; i <= 4; i++) silent(begin(i), 61);
    const fifth = begin(5);
    silent(fifth, 61);
    expect(runState(run, "node1", times)).toMatchObject({ state: "failed", error: { code: "training-failed" } });
    writeClusterFile(join(fifth.folder, CHECKPOINT_FILE), {
      folder: "checkpoint-1",
      sha256: "0".repeat(64),
      epochs: 1,
      steps: 2,
      events: { bytes: 0, sha256: "0".repeat(64) },
    });
    expect(runState(run, "node1", times)).toEqual({ state: "free", next: 6, failure: null });
  });

  it("end at once with a refused result, and the run is failed after three", () => {
    begin(1);
    writeFileSync(join(run, refusedFile(1)), "");
    expect(runState(run, "node1", times)).toEqual({ state: "free", next: 2, failure: null });
    for (const attempt of [2, 3]) {
      begin(attempt);
      writeFileSync(join(run, refusedFile(attempt)), "");
    }
    expect(runState(run, "node2", times)).toMatchObject({ state: "failed", error: { code: "damaged-file" } });
  });

  it("are over once there is a result, which one writer stores", () => {
    begin(1);
    expect(writeClusterFileOnce(join(run, RESULT_FILE), { a: 1 })).toBe(true);
    expect(writeClusterFileOnce(join(run, RESULT_FILE), { a: 2 })).toBe(false);
    expect(runState(run, "node1", times)).toEqual({ state: "done" });
  });

  it("leave no file of the comparison of clocks", () => {
    begin(1);
    runState(run, "node1", times);
    expect(readdirSync(run)).toEqual(["attempt-1"]);
    expect(readdirSync(join(run, "attempt-1"))).toEqual([ALIVE_FILE, OWNER_FILE]);
  });

  it("refuse a damaged file of an attempt", () => {
    const { folder } = begin(1);
    writeFileSync(join(folder, "ended.json"), "{");
    expect(() => runState(run, "node1", times)).toThrow(/ended\.json is damaged/);
  });
});
