/** Memory that a training needs, memory that is available, and the batch size that fits. */
import { readFileSync, writeFileSync } from "node:fs";
import { EctopyError } from "../../contract/domain/errors.ts";
import { networkOf } from "../../contract/settings/network-presets.ts";
import type { NetworkShape } from "../../contract/domain/networks.ts";
import type { NetworkChoice } from "../../contract/domain/training.ts";
import { describeNetwork } from "../networks/describe-network.ts";

/** Returns the peak memory of this process, in bytes. */
export function peakMemory(): number {
  // On Linux, `resourceUsage` may return the peak of the parent before the fork.
  const high = process.platform === "linux" ? kibibytes("/proc/self/status", /^VmHWM:\s+(\d+) kB$/m) : null;
  return high ?? process.resourceUsage().maxRSS * 1024;
}

/** Begins to count {@link peakMemory} again, where the system can. */
export function resetPeakMemory(): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // The peak is then that of all runs of this process.
  }
}

/**
 * Returns the memory that this process can still allocate, in bytes: within machine, container and address-space limit.
 */
export function availableMemory(): number {
  const free = process.availableMemory();
  if (process.platform !== "linux") return free;
  const limit = /^Max address space\s+(\d+)\s/m.exec(read("/proc/self/limits"))?.[1];
  const used = kibibytes("/proc/self/status", /^VmSize:\s+(\d+) kB$/m);
  return limit === undefined || used === null ? free : Math.min(free, Math.max(0, Number(limit) - used));
}

/**
 * Memory of a training step, as a multiple of the layers' outputs: values before and after activations, gradients, and
 * scratch memory of the operations. Measured on the 1D-CNN: 3.2 MB for each beat, between batches of 256 and 1,024,
 * whose layers output 0.65 MB.
 */
const COPIES_PER_OUTPUT = 5;

/** Returns the estimated memory of a training step for one beat of its batch, in bytes. */
export function beatMemory(network: NetworkChoice, shape: NetworkShape): number {
  return COPIES_PER_OUTPUT * describeNetwork(networkOf(network), shape).bytesPerBeat;
}

/** Share of the available memory that is reserved for everything but the batch. */
const RESERVED_SHARE = 0.2;

/** Returns the largest power of two of beats that fit into the memory; 0 where not even one fits. */
export function fittingBatch(perBeat: number, available: number): number {
  const beats = Math.floor((available * (1 - RESERVED_SHARE)) / perBeat);
  return beats < 1 ? 0 : 2 ** Math.floor(Math.log2(beats));
}

/**
 * Refuses a batch that can't fit, before it exhausts the machine's memory.
 * @throws EctopyError `out-of-memory`
 */
export function refuseTooLarge(batch: number, perBeat: number, available: number): void {
  if (batch * perBeat <= available) return;
  const needs = `A batch of ${count(batch)} beats needs about ${gigabytes(batch * perBeat)} of memory`;
  throw outOfMemory(`${needs}; ${gigabytes(available)} are available.`, batch, fittingBatch(perBeat, available));
}

/** Error messages of TensorFlow, C++ and the operating system about exhausted memory. */
const OUT_OF_MEMORY_TEXT =
  /OOM when allocating|RESOURCE_EXHAUSTED|Resource exhausted|std::bad_alloc|Cannot allocate memory|ENOMEM|Array buffer allocation failed/;

/** Runs work, and turns errors about exhausted memory into `out-of-memory`. @throws EctopyError `out-of-memory` */
export async function withMemoryErrors<T>(batch: number, fitting: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !OUT_OF_MEMORY_TEXT.test(error.message)) throw error;
    throw outOfMemory(`A batch of ${count(batch)} beats did not fit into memory.`, batch, fitting, error);
  }
}

/** Returns whether the last error output of an ended process is about exhausted memory. */
export function isOutOfMemoryText(text: string): boolean {
  return OUT_OF_MEMORY_TEXT.test(text);
}

/**
 * Returns the error that advises a batch size.
 * @param fitting estimated batch size that fits; where it is not below the failed batch, half the failed batch is
 * advised
 */
export function outOfMemory(message: string, batch: number, fitting: number, cause?: unknown): EctopyError {
  const advised = fitting < batch ? fitting : 2 ** Math.floor(Math.log2(Math.max(1, batch / 2)));
  const fix =
    advised < 1
      ? "Close other programs: not even one beat fits into memory."
      : `A batch of ${count(advised)} should fit (--batch ${advised}); closing other programs frees memory for more.`;
  return new EctopyError("out-of-memory", message, fix, { cause });
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 10e9 ? 1 : 0)} GB`;
}

function kibibytes(path: string, pattern: RegExp): number | null {
  const found = pattern.exec(read(path))?.[1];
  return found === undefined ? null : Number(found) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // a system without /proc
  }
}
