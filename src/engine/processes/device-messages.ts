/** Answers of a device process (device-process.ts): results of its tests on a GPU. */
import { z } from "zod";
import { networkSchema, networkShapeSchema } from "../../contract/domain/networks.ts";

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

/** What GPUs are tried on. */
export const trialSettingsSchema = z.object({
  network: networkSchema,
  shape: networkShapeSchema,
  /** Beats of a step. */
  batch: z.int().min(1),
});

const adapterSchema = z.object({
  api: z.string(),
  name: z.string(),
  vendor: z.string(),
  architecture: z.string(),
  description: z.string(),
  software: z.boolean(),
});

/** GPUs that WebGPU finds. */
export const webgpuListSchema = z.object({ adapters: z.array(adapterSchema) });
export type WebgpuList = z.infer<typeof webgpuListSchema>;

/** Results of a training on every GPU that WebGPU finds. */
export const webgpuTestSchema = z.object({
  trials: z.array(
    z.object({
      adapter: adapterSchema,
      /** Why it can't train the network, as text; empty: it can. */
      problem: z.string(),
      /** Milliseconds of a training step; null where there is a problem. */
      stepMs: z.number().nullable(),
      /** Milliseconds of the same step on the processor; null where there is a problem. */
      processorMs: z.number().nullable(),
    }),
  ),
});
export type WebgpuTest = z.infer<typeof webgpuTestSchema>;
