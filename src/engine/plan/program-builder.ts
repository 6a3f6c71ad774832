/** Collects the buffers and calls of a program. */
import { kernels, type Access, type KernelArguments, type KernelName } from "./kernels.ts";
import type { KernelCall, PlanBuffer, Region } from "./plan.ts";
import { placeFeed, placeScratch } from "./place-buffers.ts";

/** Index of a buffer in its program. */
export type BufferIndex = number;

export class ProgramBuilder {
  readonly buffers: PlanBuffer[] = [];
  readonly calls: KernelCall[] = [];
  /** Id of the layer that the next calls belong to. */
  layer = "";

  /** Adds a buffer; the builder places it. */
  add(name: string, floats: number, region: Exclude<Region, "state"> = "scratch"): BufferIndex {
    return this.buffers.push({ name, region, floats, offset: 0 }) - 1;
  }

  /** Adds a buffer of the state. @param offset in floats */
  state(name: string, floats: number, offset: number): BufferIndex {
    return this.buffers.push({ name, region: "state", floats, offset }) - 1;
  }

  /** Keeps a buffer of scratch memory until the end of the step: the caller reads it. An input is kept anyway. */
  keep(buffer: BufferIndex): void {
    this.buffers[buffer].region = "feed";
  }

  sizeOf(buffer: BufferIndex): number {
    return this.buffers[buffer].floats;
  }

  call<Name extends KernelName>(name: Name, values: KernelArguments<Name, BufferIndex>): void {
    const { buffers, integers, reals } = kernels[name];
    const given = values as Readonly<Record<string, number | null>>;
    this.calls.push({
      kernel: name,
      layer: this.layer,
      buffers: Object.keys(buffers).map((each) => given[each] ?? -1),
      integers: integers.map((each) => given[each]!),
      reals: reals.map((each) => given[each]!),
    });
  }

  /** Places all buffers. @returns sizes of feed and scratch memory, in floats */
  place(): { feedFloats: number; scratchFloats: number } {
    return { feedFloats: placeFeed(this.buffers), scratchFloats: placeScratch(this.buffers, this.calls) };
  }
}

/** Returns how a call uses each of its buffers. */
export function accessesOf({ kernel }: Pick<KernelCall, "kernel">): Access[] {
  return Object.values(kernels[kernel].buffers);
}
