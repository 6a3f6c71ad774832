import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const module = pathToFileURL(join(import.meta.dirname, "lower-priority.ts")).href;
const SCRIPT = `
const { getPriority, setPriority } = await import("node:os");
setPriority(Number(process.argv[1]));
const { lowerPriority } = await import(${JSON.stringify(module)});
lowerPriority();
console.log(getPriority());
`;

/** Returns the nice value of a process that had another before. */
async function lowered(before: number): Promise<number> {
  const args = ["--input-type=module", "-e", SCRIPT, String(before)];
  return Number((await promisify(execFile)(process.execPath, args)).stdout);
}

it("lowers a process, and leaves one that is lower", async () => {
  expect([await lowered(0), await lowered(15)]).toEqual([10, 15]);
});
