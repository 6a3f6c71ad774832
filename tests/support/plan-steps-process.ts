/**
 * Trains networks for some steps by a plan, as a process, so that a test can set the number of threads or the width of
 * vectors. Arguments: `addon`, `webassembly` or the path of another addon; `hashes` of the weights, or the `weights` of
 * each network, as one line of JSON.
 */
import { createHash } from "node:crypto";
import { presets } from "../../src/contract/settings/network-presets.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { findWasmModule, loadWasmBackend } from "../../src/engine/backends/wasm.ts";
import { customNetworks } from "./custom-networks.ts";
import { planTraining, randomBatch, type PlanCase } from "./plan-steps.ts";
import { sequenceNetworks } from "./sequence-networks.ts";

const [chosen, output] = process.argv.slice(2);
const backend =
  chosen === "webassembly"
    ? loadWasmBackend(findWasmModule()!)
    : loadCpuBackend(chosen === "addon" ? findCpuAddon()! : chosen);
// More rows than one part has, so that threads share the work of each kernel.
const BEATS = 100;
const cases: readonly PlanCase[] = [
  ...customNetworks,
  ...sequenceNetworks,
  ...Object.values(presets).map((network) => ({ network, windowLength: 40 })),
];
const hashOf = (weights: readonly Float32Array[]): string => {
  const hash = createHash("sha256");
  for (const values of weights) hash.update(values);
  return hash.digest("hex");
};
const trained = cases.map((given) => {
  const { network, step } = planTraining(backend, given, [BEATS]);
  for (let number = 0; number < 2; number++) step.run(randomBatch(given, BEATS, number), 1e-3);
  const weights = network.weights();
  network.dispose();
  return output === "hashes" ? hashOf(weights) : weights.map((values) => [...values]);
});
process.stdout.write(JSON.stringify({ backend: backend.description, trained }));
