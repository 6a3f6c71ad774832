/** How much memory a training takes, how much there is, and the batch that fits. */
import { readFileSync } from "node:fs";
import { EctopyError } from "../../contract/domain/errors.ts";
import { networkOf } from "../../contract/settings/network-presets.ts";
import type { NetworkShape } from "../../contract/domain/networks.ts";
import type { NetworkChoice } from "../../contract/domain/training.ts";
import { describeNetwork } from "../networks/describe-network.ts";

/** The most that this process has held at any time, in bytes. */
export function peakMemory(): number {
  // What `resourceUsage` says of Linux may have been the parent's, before this process was one.
  const high = process.platform === "linux" ? kibibytes("/proc/self/status", /^VmHWM:\s+(\d+) kB$/m) : null;
  return high ?? process.resourceUsage().maxRSS * 1024;
}

/** What this process can still take, in bytes: of the machine, of its container, and of the limit on its addresses. */
export function availableMemory(): number {
  const free = process.availableMemory();
  if (process.platform !== "linux") return free;
  const limit = /^Max address space\s+(\d+)\s/m.exec(read("/proc/self/limits"))?.[1];
  const used = kibibytes("/proc/self/status", /^VmSize:\s+(\d+) kB$/m);
  return limit === undefined || used === null ? free : Math.min(free, Math.max(0, Number(limit) - used));
}

/**
 * A step holds so many times what its layers give and keep: before and after activations, gradients, and what the ops lay out for
 * themselves. Measured on the 1D-CNN: 3.2 MB a beat, between batches of 256 and 1,024, where its layers give 0.65 MB.
 */
const COPIES = 5;

/** Bytes that a training step holds for one beat of its batch, by estimate. */
export function beatMemory(network: NetworkChoice, shape: NetworkShape): number {
  return COPIES * describeNetwork(networkOf(network), shape).bytesPerBeat;
}

/** Of the free memory, what is left to everything but the batch. */
const RESERVE = 0.2;

/** The largest power of two of beats that the memory holds; 0 where it holds none. */
export function fittingBatch(perBeat: number, available: number): number {
  const beats = Math.floor((available * (1 - RESERVE)) / perBeat);
  return beats < 1 ? 0 : 2 ** Math.floor(Math.log2(beats));
}

/**
 * Refuses what obviously can't fit, before it takes the machine down.
 * @throws EctopyError `out-of-memory`
 */
export function refuseTooLarge(batch: number, perBeat: number, available: number): void {
  if (batch * perBeat <= available) return;
  const needs = `A batch of ${count(batch)} beats needs about ${gigabytes(batch * perBeat)} of memory`;
  throw outOfMemory(`${needs}; ${gigabytes(available)} are free.`, batch, fittingBatch(perBeat, available));
}

/** What TensorFlow, C++ and the system say where memory ends. */
const SAID =
  /OOM when allocating|RESOURCE_EXHAUSTED|Resource exhausted|std::bad_alloc|Cannot allocate memory|ENOMEM|Array buffer allocation failed/;

/** Puts what is said where memory ends in words. */
export async function withMemoryErrors<T>(batch: number, fitting: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !SAID.test(error.message)) throw error;
    throw outOfMemory(`The memory did not suffice for a batch of ${count(batch)} beats.`, batch, fitting, error);
  }
}

/** Whether the last words of a process that is gone say that memory had ended. */
export function saysOutOfMemory(words: string): boolean {
  return SAID.test(words);
}

/** @param fitting by the estimate; where it says that the batch that failed should have fit, half of that is advised */
export function outOfMemory(message: string, batch: number, fitting: number, cause?: unknown): EctopyError {
  const advised = fitting < batch ? fitting : 2 ** Math.floor(Math.log2(Math.max(1, batch / 2)));
  const fix =
    advised < 1
      ? "Close other programs: not even a batch of one beat fits."
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
