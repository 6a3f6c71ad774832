/** `device`: what trains on this machine (processor or GPU, and backend), and the reason. */
import { Option, type Command } from "commander";
import { backendLine } from "../../../contract/domain/training.ts";
import { findProcessor } from "../../../engine/tensorflow/hardware.ts";
import { listBackends } from "../../../engine/training/choose-backend.ts";
import { setUpCuda } from "../../services/hardware/cuda-setup.ts";
import { chooseGpu } from "../../services/hardware/gpu.ts";
import { adapterTitle, listWebgpuAdapters } from "../../services/hardware/webgpu.ts";
import { startNodeProcess } from "../../workers/processes/node-process.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import { terminalOf } from "../session.ts";

const LIBRARIES = ["cuda"];

interface DeviceOptions {
  install?: string;
  remove?: string;
  yes?: boolean;
}

export function addDeviceCommand(program: Command): void {
  program
    .command("device")
    .description("show the training device of this machine: its CPU, or an NVIDIA GPU where one can be used")
    .addOption(
      new Option("--install <library>", "install TensorFlow for an NVIDIA GPU; states the size, and asks first")
        .choices(LIBRARIES)
        .conflicts("remove"),
    )
    .addOption(new Option("--remove <library>", "remove it again").choices(LIBRARIES))
    .option("--yes", "with --install: download without a question")
    .action(async ({ install, remove, yes = false }: DeviceOptions, command: Command) => {
      const terminal = terminalOf(command);
      if (install !== undefined) await setUpCuda("install", { yes });
      if (remove !== undefined) return setUpCuda("remove", { yes });
      const processor = findProcessor();
      const adapters = await listWebgpuAdapters(startNodeProcess);
      const backends = listBackends(adapters.map(adapterTitle));
      const { gpu, reason, withoutCudnn } = await chooseGpu(startNodeProcess);
      terminal.say(
        [
          `CPU        ${processor.description}, ${processor.cores} cores, ${formatInteger(processor.memory / 1e6)} MB memory`,
          gpu === null
            ? `GPU        none: ${reason}`
            : `GPU        ${gpu.name}, ${formatInteger(gpu.memory)} MiB memory, driver ${gpu.driver}`,
          ...(gpu === null
            ? []
            : [`LSTM, GRU  ${withoutCudnn === "" ? "with cuDNN" : `without cuDNN: ${withoutCudnn}`}`]),
          ...backends.map((backend, i) => `${i === 0 ? "Backends " : "         "}  ${backendLine(backend)}`),
        ].join("\n"),
      );
      terminal.document({
        processor,
        backends,
        gpu,
        withoutGpu: gpu === null ? reason : null,
        withoutCudnn: withoutCudnn || null,
      });
    });
}
