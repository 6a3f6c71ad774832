/** The choice of a backend where an NVIDIA GPU passed its trial; a stand-in answers for each measuring process. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import { benchJobSchema } from "../../../engine/processes/bench-messages.ts";
import { chooseBackend } from "../../../engine/training/choose-backend.ts";
import { findProcessor } from "../../../engine/tensorflow/hardware.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import type { GpuChoice } from "./gpu.ts";
import { HardwareService } from "./hardware.ts";

const gpu: GpuChoice = {
  gpu: { name: "NVIDIA GeForce RTX 3060", memory: 12288, driver: "535.183.01", computeCapability: 8.6 },
  reason: "",
  withoutCudnn: "",
};
const shape = { windowLength: 360, classes: 5 };
const watch = { progress: () => {}, signal: new AbortController().signal };
const processor = chooseBackend({ backend: "auto", precision: "float32" });

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "ectopy-hardware-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Answers a benchmark with the time of its backend, or fails; finds no GPU of WebGPU. */
function standIn(milliseconds: { ofProcessor: number | null; ofGpu: number | null }): {
  start: StartProcess;
  measured: string[];
} {
  const measured: string[] = [];
  const start: StartProcess = ({ program, args = [] }, { onMessage, onEnd }) => {
    setImmediate(() => {
      if (!program.includes("bench-process")) {
        onMessage({ adapters: [] });
        return onEnd({ status: 0, signal: null });
      }
      const { backend } = benchJobSchema.parse(JSON.parse(args[0]));
      measured.push(backend);
      const time = backend === "tensorflow" ? milliseconds.ofGpu : milliseconds.ofProcessor;
      if (time !== null) onMessage({ backend, milliseconds: time, peakMemory: 1e8 });
      onEnd({ status: time === null ? 1 : 0, signal: null });
    });
    return { send() {}, kill() {} };
  };
  return { start, measured };
}

describe("the backend beside an NVIDIA GPU", () => {
  it.each([
    { ofProcessor: 10, ofGpu: 5, expected: "tensorflow" },
    { ofProcessor: 10, ofGpu: 9.5, expected: processor },
    { ofProcessor: 10, ofGpu: null, expected: processor },
  ])("is the clearly faster one of $ofProcessor and $ofGpu ms", async ({ expected, ...times }) => {
    const { start, measured } = standIn(times);
    const chosen = await new HardwareService(folder, start).chooseOpenSettings(
      defaultTraining("lstm"),
      shape,
      gpu,
      watch,
    );
    expect(chosen.settings).toMatchObject({ backend: expected, threads: findProcessor().cores });
    expect(measured).toEqual([processor, "tensorflow"]);
  });

  it("is measured once for the same layers, and again where a measurement failed", async () => {
    const choose = async (start: StartProcess): Promise<string> => {
      const { settings } = await new HardwareService(folder, start).chooseOpenSettings(
        defaultTraining("cnn"),
        shape,
        gpu,
        watch,
      );
      return settings.backend;
    };
    const failing = standIn({ ofProcessor: 10, ofGpu: null });
    expect(await choose(failing.start)).toBe(processor);
    const { start, measured } = standIn({ ofProcessor: 10, ofGpu: 5 });
    expect([await choose(start), await choose(start)]).toEqual(["tensorflow", "tensorflow"]);
    expect(measured).toEqual([processor, "tensorflow"]);
  });

  it("is the processor for an LSTM where cuDNN can't be used, without a measurement", async () => {
    const { start, measured } = standIn({ ofProcessor: 10, ofGpu: 1 });
    const device = { ...gpu, withoutCudnn: "its LSTM is another" };
    const service = new HardwareService(folder, start);
    const { settings } = await service.chooseOpenSettings(defaultTraining("lstm"), shape, device, watch);
    expect(settings.backend).toBe(processor);
    expect(measured).toEqual([]);
  });

  it("is the requested one", async () => {
    const { start, measured } = standIn({ ofProcessor: 10, ofGpu: 1 });
    const service = new HardwareService(folder, start);
    const requested = { ...defaultTraining("cnn"), backend: "webassembly" as const, threads: 1 };
    const { settings } = await service.chooseOpenSettings(requested, shape, gpu, watch);
    expect(settings).toMatchObject({ backend: "webassembly", threads: 1 });
    expect(measured).toEqual([]);
  });
});

it("keeps a run's backend for its resumption, unless it was chosen for the machine and is missing now", () => {
  const service = new HardwareService(folder, standIn({ ofProcessor: null, ofGpu: null }).start);
  const run = { ...defaultTraining("cnn"), backend: "tensorflow" as const };
  const resumed = (tuned: ("backend" | "threads")[], isThere: boolean): string =>
    service.unmeasured({ ...run, tuned }, () => isThere).backend;
  expect(resumed(["backend"], true)).toBe("tensorflow");
  expect(resumed(["threads"], false)).toBe("tensorflow");
  expect(resumed(["backend"], false)).toBe("auto");
});
