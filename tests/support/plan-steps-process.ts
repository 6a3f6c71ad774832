/**
 * Trains the presets and all custom networks for some steps, as a process: prints a hash of the weights of each.
 * Argument: `addon`, `webassembly` or the path of another addon.
 */
import { createHash } from "node:crypto";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { findWasmModule, loadWasmBackend } from "../../src/engine/backends/wasm.ts";
import { customNetworks } from "./custom-networks.ts";
import { planTraining, randomBatch, type PlanCase } from "./plan-steps.ts";

const chosen = process.argv[2];
const backend =
  chosen === "webassembly"
    ? loadWasmBackend(findWasmModule()!)
    : loadCpuBackend(chosen === "addon" ? findCpuAddon()! : chosen);
// More rows than one part has, so that threads share the work of each kernel.
const BEATS = 100;
const cases: readonly PlanCase[] = [
  ...customNetworks,
  ...Object.values(presets).map((network) => ({ network, windowLength: 40 })),
];
for (const given of cases) {
  const { network, step } = planTraining(backend, given, [BEATS]);
  for (let number = 0; number < 2; number++) step.run(randomBatch(given.windowLength, BEATS, number), 1e-3);
  const hash = createHash("sha256");
  for (const values of network.weights()) hash.update(values);
  console.log(hash.digest("hex"));
}
