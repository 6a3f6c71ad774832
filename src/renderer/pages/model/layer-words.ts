/** A layer's figures in words. */
import { NONE } from "../../base/format.ts";

/** `360 × 64`, without the batch. */
export function formatShape(shape: readonly number[] | null | undefined): string {
  return shape ? shape.join(" × ") : NONE;
}

/** Bytes of a beat as `92 kB`, `1.4 MB`; less than one as `0.3 kB`. */
export function formatSize(bytes: number): string {
  const kilobytes = bytes / 1000;
  if (kilobytes >= 999.5) return `${(kilobytes / 1000).toFixed(1)} MB`;
  return `${kilobytes < 9.95 ? kilobytes.toFixed(1) : Math.round(kilobytes)} kB`;
}
