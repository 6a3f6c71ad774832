/** TensorFlow and the fastest backend of plans in one process, which a training never has. */
import type { Backend } from "../../src/engine/backends/backend.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { loadProcessor } from "../../src/engine/training/load-engine.ts";

export type BothEngines = LoadedTensorFlow & { backend: Backend };

export async function loadBothEngines(): Promise<BothEngines> {
  return { ...(await loadTensorFlow("test")), backend: loadProcessor() };
}
