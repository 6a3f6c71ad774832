/**
 * Ectopy's own TensorFlow operations (native/): an addon that registers them with the TensorFlow that this process has loaded.
 * ECTOPY_KERNELS=none goes without them, ECTOPY_KERNELS=<file> takes another build.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";

/** Rows of a batch (native/fill-rows.h). @throws RangeError where an array is too short, or an example is not there */
type FillRows = (
  values: Float32Array,
  length: number,
  base: Uint32Array,
  neighbour: Uint32Array,
  lambda: Float32Array,
  examples: Uint32Array,
  out: Float32Array,
) => void;

/** What the addon says of itself, and what it offers to JavaScript. */
const addon = z.object({
  /** Kind of vectors, such as `avx2`. */
  target: z.string(),
  /** Floats a vector. */
  width: z.number(),
  threads: z.number(),
  fillRows: z.custom<FillRows>((value) => typeof value === "function"),
});

export type Kernels = z.infer<typeof addon>;

/** Call it when TensorFlow has been loaded. @returns the kernels, or in words why they are not there */
export function loadKernels(): { kernels: Kernels } | { missing: string } {
  const wanted = process.env["ECTOPY_KERNELS"];
  if (wanted === "none") return { missing: "they were left out (ECTOPY_KERNELS=none)" };
  const require = createRequire(import.meta.url);
  const file = addonFile();
  if (!existsSync(file)) return { missing: "they have not been built (npm run setup -- kernels)" };
  try {
    return { kernels: addon.parse(require(file)) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether a process will find them, as far as can be told without loading them. */
export function kernelsBuilt(): boolean {
  return process.env["ECTOPY_KERNELS"] !== "none" && existsSync(addonFile());
}

/** The set-up puts it among the packages. */
function addonFile(): string {
  const { ECTOPY_KERNELS } = process.env;
  if (ECTOPY_KERNELS !== undefined) return ECTOPY_KERNELS;
  try {
    const tensorflow = createRequire(import.meta.url).resolve("@tensorflow/tfjs-node-gpu/package.json");
    return join(dirname(tensorflow), "..", "..", ".ectopy", "ectopy_kernels.node");
  } catch {
    return ""; // the package itself isn't there
  }
}
