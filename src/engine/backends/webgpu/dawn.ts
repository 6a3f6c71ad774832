/**
 * The used part of WebGPU's interface, and of Dawn's package for Node (`webgpu`): types of browsers would bring a page's
 * globals.
 */
import { z } from "zod";

export interface DawnAdapterInfo {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  isFallbackAdapter: boolean;
}

export interface DawnAdapter {
  info: DawnAdapterInfo;
  limits: Readonly<Record<LimitName, number>>;
  requestDevice(settings: { requiredLimits: Partial<Record<LimitName, number>> }): Promise<DawnDevice>;
}

export type LimitName = "maxBufferSize" | "maxStorageBufferBindingSize";

type ErrorFilter = "validation" | "out-of-memory" | "internal";

export interface DawnDevice {
  queue: DawnQueue;
  lost: Promise<{ reason: string; message: string }>;
  createBuffer(settings: { size: number; usage: number }): DawnBuffer;
  createShaderModule(settings: { code: string }): object;
  createBindGroupLayout(settings: { entries: object[] }): object;
  createPipelineLayout(settings: { bindGroupLayouts: object[] }): object;
  createComputePipelineAsync(settings: {
    layout: object;
    compute: { module: object; entryPoint: string };
  }): Promise<object>;
  createBindGroup(settings: {
    layout: object;
    entries: { binding: number; resource: { buffer: DawnBuffer; offset?: number; size?: number } }[];
  }): object;
  createCommandEncoder(): DawnEncoder;
  pushErrorScope(filter: ErrorFilter): void;
  popErrorScope(): Promise<{ message: string } | null>;
  destroy(): void;
}

export interface DawnQueue {
  writeBuffer(
    buffer: DawnBuffer,
    offset: number,
    data: Float32Array | Uint32Array,
    dataOffset?: number,
    size?: number,
  ): void;
  submit(commands: object[]): void;
}

export interface DawnBuffer {
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
  unmap(): void;
  destroy(): void;
}

export interface DawnEncoder {
  beginComputePass(): DawnPass;
  copyBufferToBuffer(from: DawnBuffer, fromOffset: number, to: DawnBuffer, toOffset: number, size: number): void;
  finish(): object;
}

export interface DawnPass {
  setPipeline(pipeline: object): void;
  setBindGroup(index: number, group: object, offsets: number[]): void;
  dispatchWorkgroups(x: number, y: number, z: number): void;
  end(): void;
}

/** Flags of the WebGPU specification. */
export const bufferUsage = { mapRead: 0x1, copySource: 0x4, copyTarget: 0x8, uniform: 0x40, storage: 0x80 } as const;
export const MAP_READ = 0x1;
export const COMPUTE_STAGE = 0x4;

interface DawnGpu {
  requestAdapter(): Promise<DawnAdapter | null>;
}

const dawnSchema = z.object({
  create: z.custom<(options: string[]) => DawnGpu>((value) => typeof value === "function"),
});

/** A name, so that bundles and the type checker leave the package alone. */
const PACKAGE: string = "webgpu";

/**
 * Loads Dawn.
 * @returns its function that creates WebGPU's entry object; options are Dawn's
 * @throws Error where the package has no addon for this system
 */
export async function loadDawn(): Promise<(options: string[]) => DawnGpu> {
  return dawnSchema.parse({ ...((await import(PACKAGE)) as object) }).create;
}
