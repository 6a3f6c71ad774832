/** What a training process must find in its environment before TensorFlow loads. Measured: docs/performance.md. */

/**
 * glibc would give large blocks back to the system after each step, and fetch them anew in the next. Other systems'
 * allocators don't read this.
 */
const KEEP_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=34359738368";

export interface TrainsWith {
  /** Inside one operation, TensorFlow's or our own; 0: as each chooses, one a core. */
  threads: number;
  /** Whether one trains; else TensorFlow is not shown any. */
  gpu: boolean;
  /** Whether recurrent layers are cuDNN's on it; without it, they are not. */
  cudnn?: boolean;
}

export function trainingEnvironment({ threads, gpu, cudnn = false }: TrainsWith): Record<string, string> {
  return {
    ...(threads > 0 ? { TF_NUM_INTRAOP_THREADS: String(threads), ECTOPY_KERNEL_THREADS: String(threads) } : {}),
    // Operations of our own compute on the processor: a GPU would wait for them.
    ...(gpu ? { ECTOPY_KERNELS: "none" } : { CUDA_VISIBLE_DEVICES: "-1" }),
    ...(gpu && !cudnn ? { ECTOPY_CUDNN: "none" } : {}),
    ...(process.platform === "linux" ? { GLIBC_TUNABLES: KEEP_MEMORY } : {}),
  };
}
