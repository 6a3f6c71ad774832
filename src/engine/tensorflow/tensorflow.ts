/**
 * Loads TensorFlow and describes the device.
 *
 * The number of threads is fixed for a process: `TF_NUM_INTRAOP_THREADS` must be set before this file is imported.
 */
import type * as Tfjs from "@tensorflow/tfjs-node-gpu";
import { createRequire } from "node:module";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { DeviceInfo } from "../../contract/domain/training.ts";
import { describeDevice } from "./hardware.ts";

export type TensorFlow = typeof Tfjs;

export interface LoadedTensorFlow {
  tf: TensorFlow;
  device: DeviceInfo;
  /** Whether TensorFlow uses a GPU. */
  gpu: boolean;
  /** Whether cuDNN computes recurrent layers: on a GPU, unless ECTOPY_CUDNN=none. */
  cudnn: boolean;
}

/** Functions that tfjs-node 4.22 uses and that Node 23 removed. */
interface FormerUtil {
  isNullOrUndefined?: (value: unknown) => boolean;
  isArray?: (value: unknown) => boolean;
}

/**
 * Loads TensorFlow.
 * @param version version of Ectopy, for the device's description
 * @throws EctopyError `engine-unavailable` where it is not installed
 */
export async function loadTensorFlow(version: string): Promise<LoadedTensorFlow> {
  // Hides TensorFlow's informational messages about the processor; errors are still shown.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  const require = createRequire(import.meta.url);
  restoreFormerUtil(require("node:util") as FormerUtil);
  const device = describeDevice(version);
  try {
    const tf = require("@tensorflow/tfjs-node-gpu") as TensorFlow;
    await tf.ready();
    const { binding, isUsingGpuDevice } = tf.backend() as unknown as {
      binding: { TF_Version: string };
      isUsingGpuDevice: boolean;
    };
    return {
      tf,
      gpu: isUsingGpuDevice,
      cudnn: isUsingGpuDevice && process.env["ECTOPY_CUDNN"] !== "none",
      device: {
        ...device,
        backend: "tensorflow",
        versions: { ...device.versions, tfjs: tf.version.tfjs, tensorflow: binding.TF_Version },
      },
    };
  } catch (cause) {
    throw new EctopyError(
      "engine-unavailable",
      `TensorFlow can't be loaded: ${cause instanceof Error ? cause.message.split("\n")[0] : String(cause)}`,
      "Run `npm run setup -- tensorflow` with a network connection.",
      { cause },
    );
  }
}

function restoreFormerUtil(util: FormerUtil): void {
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  // Node 24 still has it, but warns at its first use.
  util.isArray = Array.isArray;
}
