/** Loads what executes trainings: TensorFlow, and the backend of plans where the kernels have been built. */
import type { Backend } from "../backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../backends/cpu.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../tensorflow/tensorflow.ts";

export interface LoadedEngine extends LoadedTensorFlow {
  /** Executes plans; null where the kernels are missing or turned off, or a GPU trains. */
  backend: Backend | null;
}

/**
 * Loads the engine.
 * @param version version of Ectopy, for the device's description
 * @throws EctopyError `engine-unavailable` where not even plain JavaScript works
 */
export async function loadEngine(version: string): Promise<LoadedEngine> {
  const loaded = await loadTensorFlow(version);
  // Without TensorFlow's kernels, a GPU trains or the kernels are turned off.
  const addon = loaded.kernels === null ? null : findCpuAddon();
  return { ...loaded, backend: addon === null ? null : loadCpuBackend(addon) };
}
