/**
 * Kernels of the addon for Windows, under Wine, against those for Linux that the same compiler built: the presets and
 * all custom networks train to the same weights, bit for bit, with vectors of each width.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { provideEngine } from "../../scripts/setup/engine-systems.mjs";
import { canRunWindows, makeWindows, NO_WINDOWS, type WindowsMachine } from "../support/windows.ts";

const root = join(import.meta.dirname, "../..");
const STEPS = "tests/support/plan-steps-process.ts";

let windows: WindowsMachine | undefined;
let linuxAddon: string;
beforeAll(async () => {
  if (!canRunWindows) return;
  linuxAddon = await provideEngine(root, "linux-x64");
  windows = makeWindows();
});
afterAll(() => windows?.remove());

/** Returns the hashes of the trained networks. */
function hashesIn(output: string): string[] {
  return (JSON.parse(output) as { trained: string[] }).trained;
}

describe("the addon for Windows", () => {
  it.for([4, 8, 16])("computes the bits of the addon for Linux: %i floats per vector", async (width, ctx) => {
    if (windows === undefined) ctx.skip(NO_WINDOWS);
    const environment = { ECTOPY_KERNEL_WIDTH: String(width), ECTOPY_KERNEL_THREADS: "2" };
    const ended = await windows!.start(STEPS, ["addon", "hashes"], environment).ended;
    if (/no vectors of the width/.test(ended.stderr)) ctx.skip(`this processor has no vectors of ${width} floats`);
    expect(ended.status, ended.stderr).toBe(0);
    const expected = execFileSync(process.execPath, [join(root, STEPS), linuxAddon, "hashes"], {
      encoding: "utf8",
      env: { ...process.env, ...environment },
    });
    const hashes = hashesIn(ended.stdout);
    expect(hashes.length).toBeGreaterThan(3);
    expect(hashes).toEqual(hashesIn(expected));
  });
});
