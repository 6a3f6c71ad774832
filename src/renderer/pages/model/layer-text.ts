/** Formats shapes and memory sizes of layers. */
import { NONE } from "../../base/format.ts";

/** Formats a shape as `360 × 64`, without the batch dimension. */
export function formatShape(shape: readonly number[] | null | undefined): string {
  return shape ? shape.join(" × ") : NONE;
}

/** Formats bytes as `0.3 kB`, `92 kB` or `1.4 MB`. */
export function formatSize(bytes: number): string {
  const kilobytes = bytes / 1000;
  if (kilobytes >= 999.5) return `${(kilobytes / 1000).toFixed(1)} MB`;
  return `${kilobytes < 9.95 ? kilobytes.toFixed(1) : Math.round(kilobytes)} kB`;
}
