/** Loads what executes a training: the backend of plans, or TensorFlow. Nothing else is loaded. */
import type { Backend } from "../backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../backends/cpu.ts";
import { findWasmModule, loadWasmBackend } from "../backends/wasm.ts";
import { withFallback } from "../backends/webgpu/fallback.ts";
import { loadWebgpuBackend, usableAdapters } from "../backends/webgpu/webgpu.ts";
import { backendTitles, type DeviceInfo } from "../../contract/domain/training.ts";
import { describeDevice } from "../tensorflow/hardware.ts";
import { loadTensorFlow } from "../tensorflow/tensorflow.ts";
import { chooseBackend, missingBackend, type BackendSettings } from "./choose-backend.ts";
import type { TrainingEngine } from "./create-training.ts";

export type LoadedEngine = TrainingEngine & { device: DeviceInfo };

export interface EngineOptions {
  /** Name of the GPU for WebGPU; null: the first one. */
  adapter?: string | null;
  /** Called when a GPU has failed and the training continues on the processor. @param message one sentence */
  onFallback?: (message: string) => void;
}

/**
 * Loads the engine.
 * @param version version of Ectopy, for the device's description
 * @throws EctopyError `engine-unavailable` where the backend is missing on this machine
 */
export async function loadEngine(
  version: string,
  settings: BackendSettings,
  options: EngineOptions = {},
): Promise<LoadedEngine> {
  const name = chooseBackend(settings);
  if (name === "tensorflow") return loadTensorFlow(version);
  const device: DeviceInfo = { ...describeDevice(version), backend: name };
  const backend = name === "webgpu" ? loadGpu(device, options) : name === "kernels" ? loadCpu() : loadWasm();
  device.kernels = backend.description;
  return { backend, device };
}

/** Loads the fastest backend on the processor. */
export function loadProcessor(): Backend {
  return findCpuAddon() === null ? loadWasm() : loadCpu();
}

function loadCpu(): Backend {
  return loadCpuBackend(findCpuAddon()!);
}

function loadWasm(): Backend {
  return loadWasmBackend(findWasmModule()!);
}

/** @param device learns of a failure */
function loadGpu(device: DeviceInfo, { adapter = null, onFallback }: EngineOptions): Backend {
  const usable = usableAdapters();
  const chosen = usable.find(({ name }) => name === adapter) ?? usable.at(0);
  if (chosen === undefined) throw missingBackend("webgpu");
  return withFallback(loadWebgpuBackend(chosen), {
    load: loadProcessor,
    onFallback: ({ message }, other) => {
      device.fallback = `${message} ${backendTitles[other.name]} (${other.description}) continued.`;
      onFallback?.(`The GPU failed: ${message} The training continues on the processor.`);
    },
  });
}
