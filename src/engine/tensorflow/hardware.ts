/** Properties of this machine that training depends on. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import type { DeviceInfo } from "../../contract/domain/training.ts";

export interface Processor {
  /** Model name. */
  description: string;
  cores: number;
  /** Memory of the machine, in bytes. */
  memory: number;
  /** Whether the processor multiplies bfloat16 in hardware. */
  bfloat16: boolean;
}

export function findProcessor(): Processor {
  return {
    description: cpus()[0]?.model.trim() ?? "an unknown processor",
    cores: availableParallelism(),
    memory: totalmem(),
    bfloat16: process.platform === "linux" && multipliesBfloat16(readFileSync("/proc/cpuinfo", "utf8")),
  };
}

/** Describes the machine that trains, without TensorFlow. @param version version of Ectopy */
export function describeDevice(version: string): Omit<DeviceInfo, "backend"> {
  const { description, cores, memory } = findProcessor();
  const versions = { ectopy: version, node: process.versions.node, tfjs: "", tensorflow: "" };
  return { description, cores, memory, versions };
}

/** Returns whether the processor's flags include bfloat16 products. @param cpuinfo Linux' list of processors */
export function multipliesBfloat16(cpuinfo: string): boolean {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1].split(/\s+/) ?? [];
  return flags.includes("avx512_bf16") || flags.includes("amx_bf16");
}
