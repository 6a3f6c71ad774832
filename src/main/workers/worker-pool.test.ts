import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { CancelledError, EctopyError } from "../../contract/domain/errors.ts";
import type { JobProgress } from "../../contract/domain/jobs.ts";
import { refusalOf, WorkerLostError, WorkerPool } from "./worker-pool.ts";

interface Tasks {
  [name: string]: { input: unknown; output: unknown };
  square: { input: number; output: number };
  refuse: { input: string; output: never };
  die: { input: null; output: never };
  hang: { input: null; output: never };
  doze: { input: number; output: number };
  count: { input: number; output: number };
  fillHeap: { input: null; output: never };
  throwLater: { input: null; output: never };
  allocate: { input: null; output: never };
}

const folder = mkdtempSync(join(tmpdir(), "ectopy-pool-"));
const entry = pathToFileURL(join(folder, "worker.ts"));
const file = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
writeFileSync(
  entry,
  `import { serveTasks } from ${file("./worker-pool.ts")};
   import { EctopyError } from ${file("../../contract/domain/errors.ts")};
   serveTasks({
     square: async (x) => { await new Promise((r) => setTimeout(r, 5)); return x * x; },
     refuse: (what) => { throw new EctopyError("damaged-file", what + " is damaged.", "Copy it again."); },
     die: () => process.exit(3),
     hang: () => { for (;;); },
     doze: async (ms) => { await new Promise((r) => setTimeout(r, ms)); return ms; },
     count: async (to, say) => {
       for (let done = 1; done <= to; done++) {
         say({ stage: "Counting", done, total: to, unit: "numbers" });
         await new Promise((r) => setTimeout(r, 400));
       }
       return to;
     },
     fillHeap: () => { const kept = []; for (let i = 0; ; i++) kept.push({ i }); },
     throwLater: () => new Promise(() => setTimeout(() => { throw new Error("nobody listens"); }, 5)),
     allocate: () => { throw new RangeError("Array buffer allocation failed"); },
   });`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("WorkerPool", () => {
  it("returns each result to its task, with any number of workers", async () => {
    for (const size of [1, 3]) {
      const pool = new WorkerPool<Tasks>(entry, size);
      const inputs = Array.from({ length: 20 }, (_, i) => i);
      expect(await Promise.all(inputs.map((i) => pool.run("square", i)))).toEqual(inputs.map((i) => i * i));
      await pool.close();
    }
  });

  it("grows while its only worker is busy", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1);
    void pool.run("hang", null);
    const waiting = pool.run("square", 3);
    pool.grow(2);
    expect(await waiting).toBe(9);
    await pool.close();
  });

  it("passes on an EctopyError, and continues", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1);
    const error = await pool.run("refuse", "x.dat").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EctopyError);
    expect(error).toMatchObject({ code: "damaged-file", message: "x.dat is damaged.", fix: "Copy it again." });
    expect(await pool.run("square", 4)).toBe(16);
    await pool.close();
  });

  it("fails the task of a worker that ends, and continues with another worker", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1);
    const answers = await Promise.allSettled([pool.run("die", null), pool.run("square", 2)]);
    expect(answers[0]).toMatchObject({ status: "rejected", reason: { reason: "ended" } });
    expect(answers[1]).toEqual({ status: "fulfilled", value: 4 });
    expect(await pool.run("square", 3)).toBe(9);
    await pool.close();
  });

  it("survives an error that a worker throws outside of its task", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1);
    await expect(pool.run("throwLater", null)).rejects.toMatchObject({ reason: "ended", message: "nobody listens" });
    expect(await pool.run("square", 3)).toBe(9);
    await pool.close();
  });

  it("fails every task if no worker can start", async () => {
    const pool = new WorkerPool<Tasks>(pathToFileURL(join(folder, "missing.ts")), 1);
    await expect(pool.run("square", 1)).rejects.toThrow(/missing\.ts/);
    await expect(pool.run("square", 2)).rejects.toThrow(/missing\.ts/);
    await pool.close();
  });

  it("ends a worker without progress, while this thread stays responsive", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1, { silenceMs: 1000 });
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 20);
    await expect(pool.run("hang", null)).rejects.toMatchObject({ reason: "silence" });
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(3);
    expect(await pool.run("square", 5)).toBe(25);
    await pool.close();
  });

  it("does not end a worker that waits for the processor", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1, { silenceMs: 400 });
    expect(await pool.run("doze", 700)).toBe(700);
    await expect(pool.run("doze", 60_000)).rejects.toMatchObject({ reason: "silence" });
    await pool.close();
  });

  it("does not end a worker that reports progress, and passes the progress on", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1, { silenceMs: 1500 });
    const heard: JobProgress[] = [];
    expect(await pool.run("count", 5, { progress: (progress) => heard.push(progress) })).toBe(5);
    expect(heard.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5]);
    await pool.close();
  });

  it("distinguishes a full heap, and a buffer without memory, from other failures", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1, { heapMb: 40 });
    await expect(pool.run("fillHeap", null)).rejects.toMatchObject({ reason: "memory", message: /40 MB/ });
    await expect(pool.run("allocate", null)).rejects.toMatchObject({ reason: "memory" });
    expect(await pool.run("square", 6)).toBe(36);
    await pool.close();
  });

  it("ends a cancelled task, running or waiting", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1);
    const [first, second] = [new AbortController(), new AbortController()];
    const hanging = pool.run("hang", null, { signal: first.signal });
    const waiting = pool.run("square", 1, { signal: second.signal });
    second.abort();
    await expect(waiting).rejects.toBeInstanceOf(CancelledError);
    first.abort();
    await expect(hanging).rejects.toBeInstanceOf(CancelledError);
    await expect(pool.run("square", 2, { signal: first.signal })).rejects.toBeInstanceOf(CancelledError);
    expect(await pool.run("square", 7)).toBe(49);
    await pool.close();
  });
});

describe("refusalOf", () => {
  it("names the file that was read, and passes other errors on", () => {
    const refused = (reason: WorkerLostError["reason"]): unknown =>
      refusalOf(new WorkerLostError(reason, "It ended."), "x.h5", "Copy it again.");
    expect(refused("memory")).toMatchObject({ code: "out-of-memory", message: /^x\.h5 needs more memory/ });
    expect(refused("silence")).toMatchObject({ code: "damaged-file", message: "x.h5 cannot be read: It ended." });
    expect(refused("ended")).toMatchObject({ code: "damaged-file", message: "x.h5 cannot be read: It ended." });
    const other = new TypeError("a bug");
    expect(refusalOf(other, "x.h5", "")).toBe(other);
  });
});
