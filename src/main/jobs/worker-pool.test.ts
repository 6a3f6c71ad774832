import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/errors.ts";
import { WorkerPool } from "./worker-pool.ts";

interface Tasks {
  [name: string]: { input: unknown; output: unknown };
  square: { input: number; output: number };
  refuse: { input: string; output: never };
  die: { input: null; output: never };
}

const folder = mkdtempSync(join(tmpdir(), "ectopy-pool-"));
const entry = pathToFileURL(join(folder, "worker.ts"));
const file = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
writeFileSync(
  entry,
  `import { serveTasks } from ${file("./worker-pool.ts")};
   import { EctopyError } from ${file("../../contract/errors.ts")};
   serveTasks({
     square: async (x) => { await new Promise((r) => setTimeout(r, 5)); return x * x; },
     refuse: (what) => { throw new EctopyError("damaged-file", what + " is damaged.", "Copy it again."); },
     die: () => process.exit(3),
   });`,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("WorkerPool", () => {
  it("gives each answer to the task that asked, however many workers there are", async () => {
    for (const size of [1, 3]) {
      const pool = new WorkerPool<Tasks>(entry, size);
      const inputs = Array.from({ length: 20 }, (_, i) => i);
      expect(await Promise.all(inputs.map((i) => pool.run("square", i)))).toEqual(inputs.map((i) => i * i));
      await pool.close();
    }
  });

  it("carries an error of the catalogue over, and goes on", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1);
    const error = await pool.run("refuse", "x.dat").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EctopyError);
    expect(error).toMatchObject({ code: "damaged-file", message: "x.dat is damaged.", fix: "Copy it again." });
    expect(await pool.run("square", 4)).toBe(16);
    await pool.close();
  });

  it("fails what waits for a worker that has died", async () => {
    const pool = new WorkerPool<Tasks>(entry, 1);
    const answers = await Promise.allSettled([pool.run("die", null), pool.run("square", 2)]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    // Nobody would answer it: it must not wait for ever.
    await expect(pool.run("square", 3)).rejects.toThrow(/ended with status 3/);
    await pool.close();
  });
});
