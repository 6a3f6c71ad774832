/** `device`: what trains on this machine, and why. */
import type { Command } from "commander";
import { findProcessor } from "../../../engine/tensorflow/hardware.ts";
import { chooseGpu } from "../../services/hardware/gpu.ts";
import { startNodeProcess } from "../../workers/processes/node-process.ts";
import { formatInteger } from "../../base/numbers.ts";
import { terminalOf } from "../session.ts";

export function addDeviceCommand(program: Command): void {
  program
    .command("device")
    .description("say what trains on this machine: its processor, or an NVIDIA GPU where one can be used")
    .action(async (_options: object, command: Command) => {
      const terminal = terminalOf(command);
      const processor = findProcessor();
      const { gpu, reason, withoutCudnn } = await chooseGpu(startNodeProcess);
      terminal.say(
        [
          `Processor  ${processor.description}, ${processor.cores} cores, ${formatInteger(processor.memory / 1e6)} MB memory`,
          gpu === null
            ? `GPU        none: ${reason}`
            : `GPU        ${gpu.name}, ${formatInteger(gpu.memory)} MiB memory, driver ${gpu.driver}`,
          ...(gpu === null
            ? []
            : [`LSTM, GRU  ${withoutCudnn === "" ? "by cuDNN" : `without cuDNN: ${withoutCudnn}`}`]),
          `bfloat16   ${processor.bfloat16 ? "the processor multiplies it" : "the processor does not multiply it"}`,
        ].join("\n"),
      );
      terminal.document({
        processor,
        gpu,
        withoutGpu: gpu === null ? reason : null,
        withoutCudnn: withoutCudnn || null,
      });
    });
}
