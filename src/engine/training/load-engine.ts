/** Loads what executes a training: the backend of plans, or TensorFlow. Nothing else is loaded. */
import type { Backend } from "../backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../backends/cpu.ts";
import { findWasmModule, loadWasmBackend } from "../backends/wasm.ts";
import type { DeviceInfo } from "../../contract/domain/training.ts";
import { describeDevice } from "../tensorflow/hardware.ts";
import { loadTensorFlow } from "../tensorflow/tensorflow.ts";
import { chooseBackend, type BackendSettings } from "./choose-backend.ts";
import type { TrainingEngine } from "./create-training.ts";

export type LoadedEngine = TrainingEngine & { device: DeviceInfo };

/**
 * Loads the engine.
 * @param version version of Ectopy, for the device's description
 * @throws EctopyError `engine-unavailable` where the backend is missing on this machine
 */
export async function loadEngine(version: string, settings: BackendSettings): Promise<LoadedEngine> {
  const name = chooseBackend(settings);
  if (name === "tensorflow") return loadTensorFlow(version);
  const backend: Backend = name === "kernels" ? loadCpuBackend(findCpuAddon()!) : loadWasmBackend(findWasmModule()!);
  return { backend, device: { ...describeDevice(version), backend: name, kernels: backend.description } };
}
