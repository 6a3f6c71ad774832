/** What this machine is, as far as training depends on it. */
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";

export interface Processor {
  /** Its model, in its maker's words. */
  description: string;
  cores: number;
  /** Of the machine, in bytes. */
  memory: number;
  /** Whether it multiplies bfloat16 in hardware. */
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

/** @param cpuinfo Linux' list of processors, with the flags of each */
export function multipliesBfloat16(cpuinfo: string): boolean {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1].split(/\s+/) ?? [];
  return flags.includes("avx512_bf16") || flags.includes("amx_bf16");
}
