/**
 * The kernels of ARM's NEON vectors, under QEMU: they train every layer, preset and optimizer like those of SSE, which
 * have as many floats per vector. NEON fuses a product with the sum that it goes into, SSE rounds it first: the same bits
 * only where both are built without fusing.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { optimizerSchema } from "../../src/contract/domain/optimization.ts";
import { presets } from "../../src/contract/settings/network-presets.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { customNetworks } from "../support/custom-networks.ts";
import { emulatedBackend } from "../support/emulated-backend.ts";
import { compareSteps, planTraining, type PlanCase, type StepDifferences } from "../support/plan-steps.ts";
import { NO_KERNELS } from "../support/tiny-training.ts";

const project = join(import.meta.dirname, "../..");
/** Sources of native/ that only an addon needs. */
const OTHER_SOURCES = ["addon.cpp", "fill-rows.cpp"];
const COMPILER = "aarch64-linux-gnu-g++";
const EMULATOR = "qemu-aarch64-static";
const missing = [COMPILER, EMULATOR].filter((program) => spawnSync(program, ["--version"]).status !== 0);
const addon = findCpuAddon();

function reasonToSkip(): string {
  if (process.arch !== "x64") return "NEON is compared with SSE, which this processor lacks";
  if (addon === null) return NO_KERNELS;
  return missing.length === 0 ? "" : `missing: ${missing.join(", ")} (Debian: g++-aarch64-linux-gnu, qemu-user-static)`;
}
const reason = reasonToSkip();

let folder: string;
let fused: Backend;
let unfused: Backend;
let sse: Backend;
beforeAll(() => {
  if (reason !== "") return;
  folder = mkdtempSync(join(tmpdir(), "ectopy-neon-"));
  fused = build("fast");
  unfused = build("off");
  // The addon reads it as it loads, which it does once in this process.
  process.env["ECTOPY_KERNEL_WIDTH"] = "4";
  sse = loadCpuBackend(addon!);
  expect(sse.description).toContain("baseline");
});
afterAll(() => {
  if (reason === "") rmSync(folder, { recursive: true, force: true });
});
beforeEach((ctx) => {
  if (reason !== "") ctx.skip(reason);
});

/** Builds the kernels as a program without shared libraries. @param contraction which products are fused */
function build(contraction: "fast" | "off"): Backend {
  const program = join(folder, contraction);
  const native = join(project, "native");
  const sources = readdirSync(native).filter((name) => name.endsWith(".cpp") && !OTHER_SOURCES.includes(name));
  const flags = ["-std=c++17", "-O2", "-static", "-pthread", "-fno-math-errno", "-Wall", "-Wno-psabi"];
  const defines = ["-DECTOPY_TARGET=neon", "-DECTOPY_WIDTH=4"];
  const files = [join(project, "tests/native/run-program.cpp"), ...sources.map((name) => join(native, name))];
  const args = [...flags, `-ffp-contract=${contraction}`, ...defines, `-I${native}`, "-o", program, ...files];
  const built = spawnSync(COMPILER, args, { encoding: "utf8" });
  expect(built.stderr).toBe("");
  expect(built.status).toBe(0);
  return emulatedBackend({ emulator: EMULATOR, program, folder });
}

const cases: readonly PlanCase[] = [
  ...customNetworks,
  // The emulator takes half a minute for a long sequence of the LSTM.
  ...Object.values(presets).map((network): PlanCase => ({ network, windowLength: network === presets.lstm ? 6 : 24 })),
  { ...customNetworks[0], optimizer: optimizerSchema.parse({ kind: "rmsprop", momentum: 0.5 }) },
  { ...customNetworks[0], optimizer: optimizerSchema.parse({ kind: "sgd", momentum: 0.9, nesterov: true }) },
];
const differences = (given: PlanCase, ours: Backend): StepDifferences =>
  compareSteps(given, planTraining(ours, given), planTraining(sse, given));

describe("the kernels of NEON", () => {
  it.each(cases)("train and predict like those of SSE: $network.name", (given) => {
    const { losses, correct, weights, probabilities } = differences(given, fused);
    expect(correct).toBe(0);
    expect(losses).toBeLessThan(1e-4);
    expect(weights).toBeLessThan(1e-4);
    expect(probabilities).toBeLessThan(1e-5);
  });

  it.each(cases)("compute the bits of SSE where nothing is fused: $network.name", (given) => {
    expect(differences(given, unfused)).toEqual({ losses: 0, correct: 0, weights: 0, probabilities: 0 });
  });
});
