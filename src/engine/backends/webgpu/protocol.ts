/** Requests of the engine's thread to the thread with Dawn (gpu-thread.ts), and its answers. */
import type { MessagePort } from "node:worker_threads";
import type { CompiledProgram } from "./compile-program.ts";

/** A GPU that Dawn has found, with the names that select it. */
export interface GpuAdapter {
  /** Such as `vulkan`, `d3d12` or `metal`. */
  api: string;
  /** Name of the device. */
  name: string;
  vendor: string;
  architecture: string;
  /** Driver, as it describes itself. */
  description: string;
  /** Whether the processor computes. */
  software: boolean;
}

/** A plan for the GPU. Its memories are shared with the engine's thread. */
export interface GpuPlan {
  state: SharedArrayBuffer;
  feed: SharedArrayBuffer;
  /** Steps of a block at most. */
  steps: number;
  programs: CompiledProgram[];
}

export type GpuRequest =
  | { kind: "list" }
  /** The answer is the device's number. */
  | { kind: "open"; adapter: Pick<GpuAdapter, "api" | "name"> }
  /** The answer is the plan's number on the device. */
  | { kind: "load"; device: number; plan: GpuPlan }
  | { kind: "run"; device: number; plan: number; program: number; steps: number }
  /** Copies the state from the GPU, or to it. */
  | { kind: "download" | "upload"; device: number; plan: number }
  | { kind: "close"; device: number; plan: number }
  /** Gives the device up: further requests fail as if it were lost. */
  | { kind: "destroy"; device: number };

/**
 * Why a GPU failed:
 * - `lost`: the device is gone (driver restart, sleep, unplugged);
 * - `out-of-memory`: a plan does not fit;
 * - `no-answer`: a request took too long;
 * - `failed`: anything else, such as a shader that a driver refuses, or no adapter.
 */
export type GpuFailure = "lost" | "out-of-memory" | "no-answer" | "failed";

export type GpuAnswer =
  | { ok: true; adapters: GpuAdapter[] }
  | { ok: true; number: number }
  | { ok: true }
  | { ok: false; failure: GpuFailure; message: string };

/** Data of the thread: `signal` is 0 until an answer lies in the port. */
export interface GpuThreadData {
  port: MessagePort;
  signal: Int32Array<SharedArrayBuffer>;
}
