/** The machine that Ectopy runs on: processor, memory, and whether TensorFlow's native library is installed. */
import { kernelsBuilt } from "../../../engine/tensorflow/kernel-library.ts";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { freemem } from "node:os";
import { dirname, join } from "node:path";
import type { MachineInfo } from "../../../contract/domain/machine.ts";
import { findProcessor } from "../../../engine/tensorflow/hardware.ts";

// Not named `require`: electron-vite puts one of that name into what it builds.
const packages = createRequire(import.meta.url);

export function machineInfo(): MachineInfo {
  const processor = findProcessor();
  return {
    processor: processor.description,
    cores: processor.cores,
    memory: processor.memory,
    freeMemory: freemem(),
    platform: process.platform,
    nativeTensorFlow: hasNativeTensorFlow(),
    kernels: kernelsBuilt(),
  };
}

/**
 * Returns whether the addon of tfjs-node is there. It lies beside the package, under the N-API version it was built
 * for.
 */
function hasNativeTensorFlow(): boolean {
  const folder = dirname(packages.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  return ["napi-v8", "napi-v7", "napi-v6", "napi-v5"].some((api) =>
    existsSync(join(folder, "lib", api, "tfjs_binding.node")),
  );
}
