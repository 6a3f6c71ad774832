/** Finds TensorFlow without loading it. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Not named `require`, which the bundler declares. */
const packages = createRequire(import.meta.url);

/**
 * Returns whether TensorFlow's native library is installed: the addon of tfjs-node lies beside the package, under the
 * N-API version that it was built for.
 */
export function isTensorFlowInstalled(): boolean {
  try {
    const folder = dirname(packages.resolve("@tensorflow/tfjs-node-gpu/package.json"));
    return ["napi-v8", "napi-v7", "napi-v6", "napi-v5"].some((api) =>
      existsSync(join(folder, "lib", api, "tfjs_binding.node")),
    );
  } catch {
    return false; // the package is missing
  }
}
