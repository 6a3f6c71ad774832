/** Properties of this machine that training depends on. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";

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

/** Returns whether the processor's flags include bfloat16 products. @param cpuinfo Linux' list of processors */
export function multipliesBfloat16(cpuinfo: string): boolean {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1].split(/\s+/) ?? [];
  return flags.includes("avx512_bf16") || flags.includes("amx_bf16");
}
