/** `pack-worker`: makes an archive for the machines that train. */
import { Option, type Command } from "commander";
import { packWorker, workerSystems, type WorkerSystem } from "../../services/cluster/pack-worker.ts";
import { pathArgument } from "../arguments.ts";
import { terminalOf } from "../terminal.ts";

export function addPackWorkerCommand(program: Command): void {
  program
    .command("pack-worker")
    .description("make an archive of a worker with Node and the engine, for machines without an installation")
    .addOption(new Option("--system <system>", "system of the machines").choices(workerSystems).default("linux-x64"))
    .option("--to <folder>", "folder of the archive (default: this folder)", pathArgument)
    .addHelpText("after", HELP)
    .action(({ system, to = "." }: { system: WorkerSystem; to?: string }, command: Command) => {
      const terminal = terminalOf(command);
      const packed = packWorker(system, to);
      const kernels =
        packed.kernels === "addon" ? "kernels for its processor" : "kernels in WebAssembly, which are slower";
      terminal.say(
        `Packed ${packed.path}: Node ${packed.node}, ${kernels}.\nUnpack it on the shared disk, then name its file \`ectopy\` as the executor's command.`,
      );
      terminal.document(packed);
    });
}

const HELP = `
On the machines: tar -xzf ectopy-worker-….tar.gz; the command is ectopy-worker-…/ectopy. It needs no root, no internet and
no compiler. Trainings by TensorFlow need a whole installation instead.`;
