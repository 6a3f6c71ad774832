/**
 * Loads TensorFlow, or TF.js in plain JavaScript where TensorFlow is not installed, and describes the device.
 *
 * The number of threads is fixed for a process: `TF_NUM_INTRAOP_THREADS` must be set before this file is imported.
 */
import type * as Tfjs from "@tensorflow/tfjs-node-gpu";
import { createRequire } from "node:module";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { DeviceInfo } from "../../contract/domain/training.ts";
import { findProcessor } from "./hardware.ts";
import { loadKernels, type Kernels } from "./kernel-library.ts";

export type TensorFlow = typeof Tfjs;

export interface LoadedTensorFlow {
  tf: TensorFlow;
  device: DeviceInfo;
  /** The kernels; null where they are missing. */
  kernels: Kernels | null;
  /** Why the kernels are missing, as text. */
  kernelsMissing?: string;
  /** Whether TensorFlow uses a GPU. */
  gpu: boolean;
  /** Whether cuDNN computes recurrent layers: on a GPU, unless ECTOPY_CUDNN=none. */
  cudnn: boolean;
  /** One sentence for the user, where training will be slow. */
  warning?: string;
}

/** Functions that tfjs-node 4.22 uses and that Node 23 removed. */
interface FormerUtil {
  isNullOrUndefined?: (value: unknown) => boolean;
  isArray?: (value: unknown) => boolean;
}

/**
 * Loads TensorFlow.
 * @param version version of Ectopy, for the device's description
 * @throws EctopyError `engine-unavailable` where not even plain JavaScript works
 */
export async function loadTensorFlow(version: string): Promise<LoadedTensorFlow> {
  // Hides TensorFlow's informational messages about the processor; errors are still shown.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  const require = createRequire(import.meta.url);
  restoreFormerUtil(require("node:util") as FormerUtil);
  const versions = { ectopy: version, node: process.versions.node };
  const { description, cores, memory } = findProcessor();
  const hardware = { description, cores, memory };
  try {
    const tf = require("@tensorflow/tfjs-node-gpu") as TensorFlow;
    await tf.ready();
    const { binding, isUsingGpuDevice } = tf.backend() as unknown as {
      binding: { TF_Version: string };
      isUsingGpuDevice: boolean;
    };
    // The kernels compute on the CPU: with a GPU, every sequence would be copied between both memories.
    const loaded = isUsingGpuDevice ? { missing: "TensorFlow uses a GPU" } : loadKernels();
    return {
      tf,
      ...("kernels" in loaded ? loaded : { kernels: null, kernelsMissing: loaded.missing }),
      gpu: isUsingGpuDevice,
      cudnn: isUsingGpuDevice && process.env["ECTOPY_CUDNN"] !== "none",
      device: {
        backend: "tensorflow",
        ...hardware,
        versions: { ...versions, tfjs: tf.version.tfjs, tensorflow: binding.TF_Version },
      },
    };
  } catch (cause) {
    return loadPlain(require, hardware, versions, cause);
  }
}

async function loadPlain(
  require: NodeJS.Require,
  hardware: Pick<DeviceInfo, "description" | "cores" | "memory">,
  versions: { ectopy: string; node: string },
  cause: unknown,
): Promise<LoadedTensorFlow> {
  try {
    const tf = require("@tensorflow/tfjs") as TensorFlow;
    await tf.setBackend("cpu");
    return {
      tf,
      kernels: null,
      gpu: false,
      cudnn: false,
      device: { backend: "cpu", ...hardware, versions: { ...versions, tfjs: tf.version.tfjs, tensorflow: "" } },
      warning:
        "TensorFlow is not installed: this training runs in plain JavaScript on one core, which is much slower. Run `npm run setup` to install it.",
    };
  } catch {
    throw new EctopyError(
      "engine-unavailable",
      `TensorFlow can't be loaded: ${cause instanceof Error ? cause.message.split("\n")[0] : String(cause)}`,
      "Run `npm run setup` with a network connection.",
      { cause },
    );
  }
}

function restoreFormerUtil(util: FormerUtil): void {
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  // Node 24 still has it, but warns at its first use.
  util.isArray = Array.isArray;
}
