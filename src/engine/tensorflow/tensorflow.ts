/**
 * Loads TensorFlow: the native library where it is there, else plain JavaScript, and says which.
 *
 * Threads belong to the process: `TF_NUM_INTRAOP_THREADS` must be set before this file is imported.
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
  /** Operations of our own, or null. */
  kernels: Kernels | null;
  /** Why there are none, in words. */
  kernelsMissing?: string;
  /** Whether recurrent layers are cuDNN's: on a GPU, unless ECTOPY_CUDNN=none. */
  cudnn: boolean;
  /** One sentence for the user where training will be slow. */
  warning?: string;
}

/** What tfjs-node 4.22 still uses, gone from Node 23 on. */
interface FormerUtil {
  isNullOrUndefined?: (value: unknown) => boolean;
  isArray?: (value: unknown) => boolean;
}

/**
 * @param version of Ectopy, for the device's description
 * @throws EctopyError `engine-unavailable` where not even plain JavaScript works
 */
export async function loadTensorFlow(version: string): Promise<LoadedTensorFlow> {
  // Its notes on the processor would drown what matters; errors still show.
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
    // They are for processors: every sequence would travel to and from a GPU's memory.
    const loaded = isUsingGpuDevice ? { missing: "TensorFlow uses a GPU" } : loadKernels();
    return {
      tf,
      ...("kernels" in loaded ? loaded : { kernels: null, kernelsMissing: loaded.missing }),
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
      cudnn: false,
      device: { backend: "cpu", ...hardware, versions: { ...versions, tfjs: tf.version.tfjs, tensorflow: "" } },
      warning:
        "TensorFlow's native library is not there: this training runs in plain JavaScript on one core, much slower. `npm run setup` tries to fetch it.",
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
  // Still there in Node 24, but it warns at each first use.
  util.isArray = Array.isArray;
}
