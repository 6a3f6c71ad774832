/**
 * Loads the kernels (native/): an addon that registers operations with the TensorFlow library of this process.
 * ECTOPY_KERNELS=none turns them off, ECTOPY_KERNELS=<file> loads another build.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { z } from "zod";
import { findAddon } from "./find-addon.ts";

/**
 * Fills the rows of a batch (native/fill-rows.h).
 * @throws RangeError where an array is too short, or an example does not exist
 */
export type FillRows = (
  values: Float32Array,
  length: number,
  base: Uint32Array,
  neighbour: Uint32Array,
  lambda: Float32Array,
  examples: Uint32Array,
  out: Float32Array,
) => void;

/** Exports of the addon. */
const addon = z.object({
  /** Instruction set, such as `avx2`. */
  target: z.string(),
  /** Floats per vector. */
  width: z.number(),
  threads: z.number(),
  fillRows: z.custom<FillRows>((value) => typeof value === "function"),
});

export type Kernels = z.infer<typeof addon>;

/** Loads the kernels; TensorFlow must be loaded already. @returns the kernels, or why they are missing, as text */
export function loadKernels(): { kernels: Kernels } | { missing: string } {
  if (kernelsOff()) return { missing: "they are turned off (ECTOPY_KERNELS=none)" };
  const require = createRequire(import.meta.url);
  const file = addonFile();
  if (!existsSync(file)) return { missing: "they have not been built (npm run setup -- kernels)" };
  try {
    return { kernels: addon.parse(require(file)) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** Returns whether the user turned the kernels off. */
export function kernelsOff(): boolean {
  return process.env["ECTOPY_KERNELS"] === "none";
}

/** Returns the path of the addon; empty where it has not been built. */
function addonFile(): string {
  return process.env["ECTOPY_KERNELS"] ?? findAddon("ectopy_kernels.node") ?? "";
}
