/** All kernels of a plan on a GPU. */
import { convolutionKernels } from "./convolution.ts";
import { denseKernels } from "./dense.ts";
import { dropoutKernels } from "./dropout.ts";
import { elementwiseKernels } from "./elementwise.ts";
import type { GpuKernels } from "./kernel-types.ts";
import { lossKernels } from "./loss.ts";
import { normalizeKernels } from "./normalize.ts";
import { normalizeLayerKernels } from "./normalize-layer.ts";
import { normalizeRowsKernels } from "./normalize-rows.ts";
import { optimizerKernels } from "./optimizers.ts";
import { poolingKernels } from "./pooling.ts";
import { recurrentGradientKernels } from "./recurrent-gradient.ts";
import { recurrentKernels } from "./recurrent.ts";

export const gpuKernels: GpuKernels = {
  ...denseKernels,
  ...elementwiseKernels,
  ...dropoutKernels,
  ...normalizeRowsKernels,
  ...normalizeKernels,
  ...normalizeLayerKernels,
  ...convolutionKernels,
  ...poolingKernels,
  ...recurrentKernels,
  ...recurrentGradientKernels,
  ...lossKernels,
  ...optimizerKernels,
};
