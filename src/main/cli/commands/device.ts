/** `device`: what trains on this machine (processor or GPU, and backend), the reason, and how fast. */
import { Option, type Command } from "commander";
import { backendLine, networkNames, stepLine, type BackendState } from "../../../contract/domain/training.ts";
import { findProcessor } from "../../../engine/tensorflow/hardware.ts";
import { setUpCuda } from "../../services/hardware/cuda-setup.ts";
import { chooseGpu } from "../../services/hardware/gpu.ts";
import { HardwareService } from "../../services/hardware/hardware.ts";
import { startNodeProcess } from "../../workers/processes/node-process.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import { onStopSignals } from "../../base/stop-signals.ts";
import { workspaceFolder } from "../session.ts";
import { terminalOf, type Terminal } from "../terminal.ts";

const LIBRARIES = ["cuda"];

interface DeviceOptions {
  measure?: true;
  install?: string;
  remove?: string;
  yes?: boolean;
}

export function addDeviceCommand(program: Command): void {
  program
    .command("device")
    .description("show the training device of this machine: its CPU or GPU, and every backend with its speed")
    .option("--measure", "measure the training step of the three networks on every backend; takes about a minute")
    .addOption(
      new Option("--install <library>", "install TensorFlow for an NVIDIA GPU; states the size, and asks first")
        .choices(LIBRARIES)
        .conflicts("remove"),
    )
    .addOption(new Option("--remove <library>", "remove it again").choices(LIBRARIES))
    .option("--yes", "with --install: download without a question")
    .action(async ({ measure, install, remove, yes = false }: DeviceOptions, command: Command) => {
      const terminal = terminalOf(command);
      if (install !== undefined) await setUpCuda("install", { yes });
      if (remove !== undefined) return setUpCuda("remove", { yes });
      const processor = findProcessor();
      const hardware = new HardwareService(workspaceFolder(command), startNodeProcess);
      const backends = measure === true ? await measureWith(hardware, terminal) : await hardware.backends();
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
          ...backends.flatMap((backend, i) => [
            `${i === 0 ? "Backends " : "         "}  ${backendLine(backend)}`,
            ...(backend.steps ?? []).map((step) => `             ${stepLine(step, backend)}`),
          ]),
          ...(backends.some(({ steps }) => steps) ? [] : ["           not measured: ectopy device --measure"]),
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

/** @throws CancelledError after Ctrl-C */
async function measureWith(hardware: HardwareService, terminal: Terminal): Promise<BackendState[]> {
  const interrupt = new AbortController();
  const ignoreSignals = onStopSignals(() => interrupt.abort());
  try {
    return await hardware.measureBackends(networkNames, { progress: terminal.progress, signal: interrupt.signal });
  } finally {
    ignoreSignals();
    terminal.endProgress();
  }
}
