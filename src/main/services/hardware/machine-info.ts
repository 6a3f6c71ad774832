/** The machine that Ectopy runs on: processor, memory, and the backends that can train. */
import { freemem } from "node:os";
import type { BackendState } from "../../../contract/domain/training.ts";
import type { CudaState, MachineInfo } from "../../../contract/domain/machine.ts";
import { findProcessor } from "../../../engine/tensorflow/hardware.ts";

/** @param backends of this machine (HardwareService) @param cuda from findCuda() */
export function machineInfo(backends: BackendState[], cuda: CudaState | null = null): MachineInfo {
  const processor = findProcessor();
  return {
    processor: processor.description,
    cores: processor.cores,
    memory: processor.memory,
    freeMemory: freemem(),
    platform: process.platform,
    backends,
    cuda,
  };
}
