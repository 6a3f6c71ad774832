/** Places buffers in memory: those of the scratch memory share it where their lifetimes allow. */
import { aligned, type KernelCall, type PlanBuffer } from "./plan.ts";

/** Places the feed's buffers one after another. @returns its size in floats */
export function placeFeed(buffers: readonly PlanBuffer[]): number {
  let end = 0;
  for (const buffer of buffers) {
    if (buffer.region !== "feed") continue;
    buffer.offset = end;
    end += aligned(buffer.floats);
  }
  return end;
}

/** First and last call that use a buffer. */
interface Lifetime {
  buffer: PlanBuffer;
  first: number;
  last: number;
}

/**
 * Places scratch buffers: the largest first, each at the lowest position that no buffer of an overlapping lifetime
 * occupies (Pisarchyk & Lee, "Efficient Memory Management for Deep Neural Net Inference", 2020).
 * @returns size of the memory in floats
 */
export function placeScratch(buffers: readonly PlanBuffer[], calls: readonly KernelCall[]): number {
  const lifetimes = new Map<PlanBuffer, Lifetime>();
  calls.forEach(({ buffers: used }, call) => {
    for (const index of used) {
      if (index < 0 || buffers[index].region !== "scratch") continue;
      const buffer = buffers[index];
      const lifetime = lifetimes.get(buffer);
      if (lifetime === undefined) lifetimes.set(buffer, { buffer, first: call, last: call });
      else lifetime.last = call;
    }
  });
  const placed: Lifetime[] = [];
  let end = 0;
  const largestFirst = [...lifetimes.values()].sort((a, b) => b.buffer.floats - a.buffer.floats || a.first - b.first);
  for (const lifetime of largestFirst) {
    const size = aligned(lifetime.buffer.floats);
    const others = placed
      .filter(({ first, last }) => first <= lifetime.last && last >= lifetime.first)
      .sort((a, b) => a.buffer.offset - b.buffer.offset);
    let offset = 0;
    for (const { buffer } of others) {
      if (buffer.offset - offset >= size) break;
      offset = Math.max(offset, buffer.offset + aligned(buffer.floats));
    }
    lifetime.buffer.offset = offset;
    placed.push(lifetime);
    end = Math.max(end, offset + size);
  }
  return end;
}
