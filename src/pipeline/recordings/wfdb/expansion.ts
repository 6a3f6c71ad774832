/** Limits missing samples: a few lines of a header must not fill the memory or the disk. */
import { damaged } from "./faults.ts";

/** Missing samples that any record may have: 64 MB at 16 bits. */
const FREE_SAMPLES = 32_000_000;
/** Announced samples for each sample in the files: a monitor that was mostly off. */
const MAX_RATIO = 100;

/** Refuses a record with many more samples than its files have. @throws EctopyError `damaged-file` */
export function refuseExpansion(name: string, { announced, present }: { announced: number; present: number }): void {
  if (announced <= FREE_SAMPLES + MAX_RATIO * present) return;
  throw damaged(`Record ${name} announces ${announced} samples, but its files have only ${present}.`);
}
