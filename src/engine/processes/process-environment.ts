/** Environment variables that a training process needs before TensorFlow loads. Measured: docs/performance.md. */

/**
 * By default, glibc returns large blocks to the system after each step and requests them again in the next one. The
 * allocators of other systems ignore this.
 */
const KEEP_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=34359738368";

export interface TrainingResources {
  /** Intra-op threads, of TensorFlow and of the kernels; 0: one for each core. */
  threads: number;
  /** Whether a GPU trains; if not, GPUs are hidden from TensorFlow. */
  gpu: boolean;
  /** Whether cuDNN computes recurrent layers on the GPU; false by default. */
  cudnn?: boolean;
}

/** Returns the variables that are set in addition to the parent's environment. */
export function trainingEnvironment({ threads, gpu, cudnn = false }: TrainingResources): Record<string, string> {
  return {
    ...(threads > 0 ? { TF_NUM_INTRAOP_THREADS: String(threads), ECTOPY_KERNEL_THREADS: String(threads) } : {}),
    ...(gpu ? {} : { CUDA_VISIBLE_DEVICES: "-1" }),
    ...(gpu && !cudnn ? { ECTOPY_CUDNN: "none" } : {}),
    ...(process.platform === "linux" ? { GLIBC_TUNABLES: KEEP_MEMORY } : {}),
  };
}
