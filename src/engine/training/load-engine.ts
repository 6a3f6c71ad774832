/** Loads what executes trainings: the backend of plans where the kernels have been built, and TensorFlow. */
import type { Backend } from "../backends/backend.ts";
import { findCpuAddon, loadCpuBackend } from "../backends/cpu.ts";
import { kernelsOff } from "../tensorflow/kernel-library.ts";
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
  const { warning, ...loaded } = await loadTensorFlow(version);
  const addon = loaded.gpu || kernelsOff() ? null : findCpuAddon();
  // The warning is about training in plain JavaScript.
  if (addon === null) return { ...loaded, backend: null, ...(warning === undefined ? {} : { warning }) };
  return { ...loaded, backend: loadCpuBackend(addon) };
}
