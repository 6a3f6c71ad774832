import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const module = pathToFileURL(join(import.meta.dirname, "lower-priority.ts")).href;
const SCRIPT = `
const { readFileSync, existsSync } = await import("node:fs");
const { getPriority, setPriority } = await import("node:os");
const before = Number(process.argv[1]);
if (before > 0) setPriority(before);
const { lowerPriority } = await import(${JSON.stringify(module)});
lowerPriority();
const file = "/proc/self/autogroup";
console.log(JSON.stringify({ nice: getPriority(), group: existsSync(file) ? readFileSync(file, "latin1").trim() : null }));
`;

/** @param detached whether the process leads its own session @param before its nice value before */
async function lowered(detached: boolean, before = 0): Promise<{ nice: number; group: string | null }> {
  const args = ["--input-type=module", "-e", SCRIPT, String(before)];
  const child = spawn(process.execPath, args, { detached, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of child.stdout) output += String(chunk);
  return JSON.parse(output) as { nice: number; group: string | null };
}

describe("lowerPriority", () => {
  it("lowers a process, and leaves one that is lower", async () => {
    expect((await lowered(false)).nice).toBe(10);
    expect((await lowered(false, 15)).nice).toBe(15);
  });

  it.skipIf(!existsSync("/proc/self/autogroup"))(
    "lowers the session that a process leads, and no other (needs Linux with autogroups)",
    async () => {
      const ours = readFileSync("/proc/self/autogroup", "latin1").trim();
      expect((await lowered(true)).group).toMatch(/ nice 10$/);
      expect((await lowered(false)).group).toBe(ours);
    },
  );
});
