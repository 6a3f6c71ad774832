/** TensorFlow and the fastest backend of plans in one process, which a training never has. */
import type { Backend } from "../../src/engine/backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../../src/engine/backends/cpu.ts";
import { findWasmModule, loadWasmBackend } from "../../src/engine/backends/wasm.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";

export type BothEngines = LoadedTensorFlow & { backend: Backend };

export async function loadBothEngines(): Promise<BothEngines> {
  const addon = findCpuAddon();
  const backend = addon === null ? loadWasmBackend(findWasmModule()!) : loadCpuBackend(addon);
  return { ...(await loadTensorFlow("test")), backend };
}
