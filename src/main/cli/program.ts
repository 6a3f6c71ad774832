/** All commands of `ectopy`, what they share, and how their ends become exit statuses. */
import { Command, CommanderError } from "commander";
import { BUG_STATUS, CancelledError, EctopyError, errorCodes, reportError } from "../../contract/domain/errors.ts";
import { version } from "../version.ts";
import { pathArgument } from "./arguments.ts";
import { addBenchCommand } from "./commands/bench.ts";
import { addCompareCommand } from "./commands/compare.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addDeviceCommand } from "./commands/device.ts";
import { addDoctorCommands } from "./commands/doctor.ts";
import { addDownloadCommand } from "./commands/download.ts";
import { addExportCommand } from "./commands/export.ts";
import { addImportCommand } from "./commands/import.ts";
import { addListCommands } from "./commands/list.ts";
import { addModelCommand } from "./commands/model.ts";
import { addPrepareCommand } from "./commands/prepare.ts";
import { addRemovalCommands } from "./commands/removal.ts";
import { addResumeCommand } from "./commands/resume.ts";
import { addSearchCommands } from "./commands/search.ts";
import { addSampleCommand } from "./commands/sample.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addShowCommand } from "./commands/show.ts";
import { addTestCommand } from "./commands/test.ts";
import { addTrainCommand } from "./commands/train.ts";
import { INTERRUPTED } from "./exit-status.ts";
import { printable } from "./format.ts";
import { watchStandardOutput } from "./standard-output.ts";
import { usageError } from "./usage-error.ts";

export function createProgram(): Command {
  const program = new Command("ectopy")
    .description("ECG recordings to a trained, tested, comparable arrhythmia classifier, on your own machine.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .option(
      "-w, --workspace <folder>",
      "where everything is kept (default: $ECTOPY_WORKSPACE, else as set in the app, else ~/Ectopy)",
      pathArgument,
    )
    .option("--json", "print exactly one JSON document on standard output")
    .addHelpText("after", HELP);
  for (const add of [
    addSampleCommand,
    addImportCommand,
    addDownloadCommand,
    addPrepareCommand,
    addModelCommand,
    addTrainCommand,
    addResumeCommand,
    addTestCommand,
    addSearchCommands,
    addListCommands,
    addShowCommand,
    addCompareCommand,
    addExportCommand,
    addRemovalCommands,
    addDoctorCommands,
    addServeCommand,
    addDemoCommand,
    addDeviceCommand,
    addBenchCommand,
  ]) {
    add(program);
  }
  for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)]) {
    // Told by `reportFailure`, like every other error.
    command.configureOutput({ outputError: () => {} });
    command.exitOverride((end) => {
      throw end.exitCode === 0 ? end : usageError(command, end);
    });
  }
  return program;
}

const HELP = `
The way from recordings to a result:
  ectopy sample                            recordings to try it on, made at once
  ectopy import FOLDER                     your own recordings (WFDB)
  ectopy download mitdb                    a database of PhysioNet, by name
  ectopy prepare 1                         beats of dataset 1, split, balanced
  ectopy train 1 --model ann --epochs 10   a network on preparation 1
  ectopy model                             the networks layer by layer; --help: how to write your own
  ectopy show 1                            what run 1 can show, and what it can't
  ectopy search 1 --model ann --repeat 5   one question in several runs: repeats, grids, draws, folds of patients
  ectopy compare 1 2                       runs side by side, and whether the difference is more than chance
  ectopy export keras 1 --to FOLDER        a trained model for other programs
  ectopy serve                             all of it in a browser tab

For research use only. Not a medical device.`;

/** Runs one command line. @returns the exit status: 0, or that of the error's code in the catalogue */
export async function main(args: readonly string[]): Promise<number> {
  const allWritten = watchStandardOutput();
  try {
    await createProgram().parseAsync(args, { from: "user" });
    await allWritten();
    // A command may have set it to say that it ended early, with a result.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Help and version: printed, and not failed.
    if (error instanceof CommanderError) return 0;
    return reportFailure(error, args.includes("--json"));
  }
}

function reportFailure(error: unknown, json: boolean): number {
  const report = reportError(error);
  process.stderr.write(`${report.code === "cancelled" ? "" : "Error: "}${printable(report.message)}\n`);
  if (report.fix !== "") process.stderr.write(`  → ${printable(report.fix)}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
  if (error instanceof EctopyError) return errorCodes[error.code];
  if (error instanceof CancelledError) return INTERRUPTED;
  process.stderr.write(`${error instanceof Error ? (error.stack ?? "") : ""}\n`);
  return BUG_STATUS;
}
