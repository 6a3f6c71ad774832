/** What a training process must find in its environment before TensorFlow loads. Measured: docs/performance.md. */

/**
 * glibc would give large blocks back to the system after each step, and fetch them anew in the next. Other systems'
 * allocators don't read this.
 */
const KEEP_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=34359738368";

/**
 * @param threads inside one operation, TensorFlow's or our own; 0: as each chooses, one a core
 * @param gpu whether one trains; else TensorFlow is not shown any
 */
export function trainingEnvironment({ threads, gpu }: { threads: number; gpu: boolean }): Record<string, string> {
  return {
    ...(threads > 0 ? { TF_NUM_INTRAOP_THREADS: String(threads), ECTOPY_KERNEL_THREADS: String(threads) } : {}),
    // Operations of our own compute on the processor: a GPU would wait for them.
    ...(gpu ? { ECTOPY_KERNELS: "none" } : { CUDA_VISIBLE_DEVICES: "-1" }),
    ...(process.platform === "linux" ? { GLIBC_TUNABLES: KEEP_MEMORY } : {}),
  };
}
