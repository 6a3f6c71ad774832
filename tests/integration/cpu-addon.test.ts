/** The addon of the kernels in a thread that ends before its process. */
import { readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { findCpuAddon } from "../../src/engine/backends/cpu.ts";
import { NO_KERNELS } from "../support/tiny-training.ts";

describe("the kernels' addon", () => {
  // Its threads are never joined: they crash the process where their code is unloaded.
  it.skipIf(process.platform !== "linux")("stays in memory after the thread that loaded it", async (ctx) => {
    const addon = findCpuAddon();
    if (addon === null) return ctx.skip(NO_KERNELS);
    const isLoaded = (): boolean => readFileSync("/proc/self/maps", "utf8").includes(addon);
    expect(isLoaded()).toBe(false);
    const thread = new Worker(`require(${JSON.stringify(addon)})`, { eval: true });
    expect(await once(thread, "exit")).toEqual([0]);
    expect(isLoaded()).toBe(true);
  });
});
