/** What a training process must find in its environment before TensorFlow loads. Measured: docs/performance.md. */
import { networkOf } from "../contract/network-presets.ts";
import type { NetworkSpec } from "../contract/networks.ts";
import type { TrainingSettings } from "../contract/training.ts";
import { nativeKernelsBuilt } from "./native-kernels.ts";
import { isRecurrent } from "./networks/recurrence.ts";

/**
 * Threads inside one operation; 0: TensorFlow's default, one a core. Operations on a few rows, as the ANN's, are too small to be
 * shared out. A recurrence's steps depend on one another; its batch is shared out in parts, or in kernels of our own, which leave
 * only large operations to TensorFlow. Convolutions are left to TensorFlow.
 */
function intraOpThreads(network: NetworkSpec): number {
  const convolves = network.layers.some(({ kind }) => kind === "conv1d");
  return isRecurrent(network) ? (nativeKernelsBuilt() ? 0 : 1) : convolves ? 0 : 1;
}

/**
 * glibc would give large blocks back to the system after each step, and fetch them anew in the next. Other systems'
 * allocators don't read this.
 */
const KEEP_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=34359738368";

export function trainingEnvironment({
  network,
  threads,
}: Pick<TrainingSettings, "network" | "threads">): Record<string, string> {
  const chosen = threads > 0 ? threads : intraOpThreads(networkOf(network));
  return {
    ...(chosen > 0 ? { TF_NUM_INTRAOP_THREADS: String(chosen) } : {}),
    ...(threads > 0 ? { ECTOPY_KERNEL_THREADS: String(threads) } : {}),
    ...(process.platform === "linux" ? { GLIBC_TUNABLES: KEEP_MEMORY } : {}),
  };
}
