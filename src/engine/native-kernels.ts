/**
 * Ectopy's own TensorFlow operations (native/): an addon that registers them with the TensorFlow that this process has loaded.
 * ECTOPY_KERNELS=none goes without them, ECTOPY_KERNELS=<file> takes another build.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";

/** What the addon says of itself. */
const addon = z.object({
  /** Kind of vectors, such as `avx2`. */
  target: z.string(),
  /** Floats a vector. */
  width: z.number(),
  threads: z.number(),
});

export type NativeKernels = z.infer<typeof addon>;

/** Call it when TensorFlow has been loaded. @returns the kernels, or in words why they are not there */
export function loadNativeKernels(): { kernels: NativeKernels } | { missing: string } {
  const wanted = process.env["ECTOPY_KERNELS"];
  if (wanted === "none") return { missing: "they were left out (ECTOPY_KERNELS=none)" };
  const require = createRequire(import.meta.url);
  const file = wanted ?? builtAddon(require);
  if (!existsSync(file)) return { missing: "they have not been built (npm run setup -- kernels)" };
  try {
    return { kernels: addon.parse(require(file)) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** Where the set-up puts it: among the packages. */
function builtAddon(require: NodeJS.Require): string {
  const tensorflow = dirname(require.resolve("@tensorflow/tfjs-node-gpu/package.json"));
  return join(tensorflow, "..", "..", ".ectopy", "ectopy_kernels.node");
}
