/** What a training process must find in its environment before TensorFlow loads. Measured: docs/performance.md. */
import type { NetworkName, TrainingSettings } from "../contract/training.ts";

/**
 * Threads inside one operation; 0: TensorFlow's default, one a core. The ANN's operations are too small to be shared out. The
 * LSTM's steps depend on one another.
 */
const intraOpThreads: Record<NetworkName, number> = { ann: 1, cnn: 0, lstm: 1 };

/**
 * glibc would give large blocks back to the system after each step, and fetch them anew in the next. Other systems'
 * allocators don't read this.
 */
const KEEP_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=34359738368";

export function trainingEnvironment({
  network,
  threads,
}: Pick<TrainingSettings, "network" | "threads">): Record<string, string> {
  const chosen = threads > 0 ? threads : intraOpThreads[network];
  return {
    ...(chosen > 0 ? { TF_NUM_INTRAOP_THREADS: String(chosen) } : {}),
    ...(process.platform === "linux" ? { GLIBC_TUNABLES: KEEP_MEMORY } : {}),
  };
}
