/** Properties of this machine that training depends on. */
import { availableParallelism, cpus, totalmem } from "node:os";
import type { DeviceInfo } from "../../contract/domain/training.ts";

export interface Processor {
  /** Model name. */
  description: string;
  cores: number;
  /** Memory of the machine, in bytes. */
  memory: number;
}

export function findProcessor(): Processor {
  return {
    description: cpus()[0]?.model.trim() ?? "an unknown processor",
    cores: availableParallelism(),
    memory: totalmem(),
  };
}

/** Describes the machine that trains, without TensorFlow. @param version version of Ectopy */
export function describeDevice(version: string): Omit<DeviceInfo, "backend"> {
  const { description, cores, memory } = findProcessor();
  const versions = { ectopy: version, node: process.versions.node, tfjs: "", tensorflow: "" };
  return { description, cores, memory, versions };
}
