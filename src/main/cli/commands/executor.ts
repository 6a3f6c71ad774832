/** `executor`: lists, adds, tests and removes what starts trainings on other machines. */
import { Option, type Command } from "commander";
import { executorSchema, MAX_EXECUTORS, type Executor } from "../../../contract/domain/executors.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { PRIVACY_TEXT } from "../../../contract/text/cluster-text.ts";
import { checkSettings } from "../../base/check-settings.ts";
import { PreferenceStore } from "../../store/preferences.ts";
import { onStopSignals } from "../../base/stop-signals.ts";
import { findExecutor } from "../../services/cluster/find-executor.ts";
import { testExecutor } from "../../services/cluster/test-executor.ts";
import { nameList, nonEmpty, pathArgument, wholeNumber } from "../arguments.ts";
import { formatTable } from "../format.ts";
import { terminalOf } from "../terminal.ts";
import { formatDuration } from "../../../contract/text/format-number.ts";

interface AddOptions {
  kind: Executor["kind"];
  folder: string;
  folderThere?: string;
  command: string;
  threads?: number;
  workers?: number;
  host?: string;
  option?: string[];
  hosts?: string[];
  launcher?: string;
}

export function addExecutorCommands(program: Command): void {
  const executor = program
    .command("executor")
    .description("what starts trainings on other machines: Slurm, SSH, or any launcher");
  executor
    .command("list", { isDefault: true })
    .description("list the executors")
    .action((_options: object, command: Command) => {
      const terminal = terminalOf(command);
      const { executors } = new PreferenceStore().read();
      terminal.say(describe(executors));
      terminal.document(executors);
    });
  executor
    .command("add")
    .description("add an executor, or replace the one with the name")
    .argument("<name>", "name of the executor", nonEmpty)
    .addOption(
      new Option("--kind <kind>", "kind of the executor").choices(["slurm", "ssh", "launcher"]).makeOptionMandatory(),
    )
    .requiredOption("--folder <path>", "folder that this machine and the others share", pathArgument)
    .option("--folder-there <path>", "path of the shared folder on the other machines (default: the same)", nonEmpty)
    .requiredOption("--command <line>", "command line that starts Ectopy on the other machines", nonEmpty)
    .option("--threads <n>", "threads of a worker (default: 1)", wholeNumber(1, 1024))
    .option(
      "--workers <n>",
      "most workers at the same time (Slurm: default as many as it starts; launcher: 1)",
      wholeNumber(1, 1000),
    )
    .option("--host <name>", "login node, asked by ssh (Slurm; default: this machine)", nonEmpty)
    .option("--option <option>", "option of sbatch, such as --option=--partition=cpu (Slurm; repeatable)", repeated)
    .option("--hosts <names>", "hosts with one worker each, such as ws1,me@ws2 (SSH)", nameList)
    .option(
      "--launcher <line>",
      "command line that starts workers: {worker} is their command, {workers} their number, {logs} the folder of their logs",
      nonEmpty,
    )
    .action((name: string, options: AddOptions, command: Command) => {
      const terminal = terminalOf(command);
      const added = checkSettings(executorSchema, fieldsOf(name, options), "executor add");
      const preferences = new PreferenceStore();
      const settings = preferences.read();
      const others = settings.executors.filter((each) => each.name !== name);
      if (others.length >= MAX_EXECUTORS) {
        throw new EctopyError("usage", `There are ${MAX_EXECUTORS} executors already.`, "Remove one first.");
      }
      preferences.write({ ...settings, executors: [...others, added] });
      terminal.say(`Added ${name}.\n\n${PRIVACY_TEXT}\n\nNext: ectopy executor test ${name}`);
      terminal.document(added);
    });
  executor
    .command("remove")
    .description("remove an executor; its experiments continue")
    .argument("<name>", "name of the executor")
    .action((name: string, _options: object, command: Command) => {
      const terminal = terminalOf(command);
      const preferences = new PreferenceStore();
      const settings = preferences.read();
      const removed = findExecutor(settings.executors, name);
      preferences.write({ ...settings, executors: settings.executors.filter((each) => each !== removed) });
      terminal.say(`Removed ${name}.`);
      terminal.document(removed);
    });
  executor
    .command("test")
    .description("train one step by an executor")
    .argument("<name>", "name of the executor")
    .action(async (name: string, _options: object, command: Command) => {
      const terminal = terminalOf(command);
      const stop = new AbortController();
      const ignoreSignals = onStopSignals(() => stop.abort());
      try {
        const executorToTest = findExecutor(new PreferenceStore().read().executors, name);
        const tested = await testExecutor(executorToTest, { progress: terminal.progress, signal: stop.signal });
        const { owner, device, seconds } = tested;
        terminal.say(
          `One step was trained on ${owner.host} (${device.kernels ?? device.description}), ${formatDuration(seconds)} after the start.`,
        );
        terminal.document(tested);
      } finally {
        terminal.endProgress();
        ignoreSignals();
      }
    });
}

function repeated(option: string, before: string[] = []): string[] {
  return [...before, option];
}

function fieldsOf(name: string, { kind, folder, command, ...options }: AddOptions): Executor {
  const { folderThere = "", threads = 1, workers, host = "", option = [], hosts = [], launcher = "" } = options;
  const common = { name, folder, folderThere, command, threads };
  switch (kind) {
    case "slurm":
      return { ...common, kind, host, options: option, workers: workers ?? 0 };
    case "ssh":
      return { ...common, kind, hosts };
    case "launcher":
      return { ...common, kind, launcher, workers: workers ?? 1 };
  }
}

function describe(executors: readonly Executor[]): string {
  if (executors.length === 0) return "There are no executors. `ectopy executor add --help` explains how to add one.";
  return formatTable(
    ["Name", "Kind", "Machines", "Shared folder"],
    executors.map((each) => [each.name, each.kind, machinesOf(each), each.folder]),
  );
}

function machinesOf(executor: Executor): string {
  if (executor.kind === "ssh") return executor.hosts.join(", ");
  if (executor.kind === "slurm") return executor.host === "" ? "this cluster" : executor.host;
  return executor.launcher;
}
