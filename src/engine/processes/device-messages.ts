/** Answers of a device process (device-process.ts): results of its tests on a GPU. */
import { z } from "zod";

/** Result of one training step on the GPU. */
export const gpuTestSchema = z.object({
  /** `tensorflow`; empty where it is not installed. */
  backend: z.string(),
  usesGpu: z.boolean(),
  /** Loss of the step, in nats; null where it did not run on the GPU, or where it is NaN. */
  loss: z.number().nullable(),
});
export type GpuTest = z.infer<typeof gpuTestSchema>;

/** Result of recurrent layers by cuDNN. */
export const cudnnTestSchema = z.object({
  /** Why cuDNN can't be used, as text; empty: it can be used. */
  withoutCudnn: z.string(),
});
export type CudnnTest = z.infer<typeof cudnnTestSchema>;
