/** The program `ectopy`: all commands and their shared options. */
import { Command } from "commander";
import { version } from "../version.ts";
import { pathArgument } from "./arguments.ts";
import { addBenchCommand } from "./commands/bench.ts";
import { addClassifyCommand } from "./commands/classify.ts";
import { addCollectCommands } from "./commands/collect.ts";
import { addCompareCommand } from "./commands/compare.ts";
import { addDemoCommand } from "./commands/demo.ts";
import { addSetsCommand } from "./commands/sets.ts";
import { addDetectCommand } from "./commands/detect.ts";
import { addDeviceCommand } from "./commands/device.ts";
import { addDoctorCommands } from "./commands/doctor.ts";
import { addDownloadCommand } from "./commands/download.ts";
import { addEc57Command } from "./commands/ec57.ts";
import { addEnsembleCommand } from "./commands/ensemble.ts";
import { addExecutorCommands } from "./commands/executor.ts";
import { addExportCommand } from "./commands/export.ts";
import { addFineTuneCommand } from "./commands/fine-tune.ts";
import { addImportCommand } from "./commands/import.ts";
import { addListCommands } from "./commands/list.ts";
import { addLogCommand } from "./commands/log.ts";
import { addNetworkCommand } from "./commands/network.ts";
import { addPatientsCommand } from "./commands/patients.ts";
import { addPackWorkerCommand } from "./commands/pack-worker.ts";
import { addPrepareCommand } from "./commands/prepare.ts";
import { addRemovalCommands } from "./commands/removal.ts";
import { addRenameCommand } from "./commands/rename.ts";
import { addResumeCommand } from "./commands/resume.ts";
import { addOverruleCommand } from "./commands/overrule.ts";
import { addReviewCommand } from "./commands/review.ts";
import { addSearchCommands } from "./commands/search.ts";
import { addSampleCommand } from "./commands/sample.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addShowCommand } from "./commands/show.ts";
import { addTestCommand } from "./commands/test.ts";
import { addTrainCommand } from "./commands/train.ts";
import { addWorkerCommand } from "./commands/worker.ts";
import { runProgram, withUsageErrors } from "./run-program.ts";

export function createProgram(): Command {
  const program = new Command("ectopy")
    .description("Train, test and compare arrhythmia classifiers from ECG recordings, on your machine.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "print help")
    .option(
      "-w, --workspace <folder>",
      "workspace folder (default: $ECTOPY_WORKSPACE, else the app's setting, else ~/Ectopy)",
      pathArgument,
    )
    .option("--json", "print exactly one JSON document on standard output")
    .addHelpText("after", HELP);
  for (const add of [
    addSampleCommand,
    addImportCommand,
    addDownloadCommand,
    addPatientsCommand,
    addDetectCommand,
    addSetsCommand,
    addPrepareCommand,
    addNetworkCommand,
    addTrainCommand,
    addResumeCommand,
    addTestCommand,
    addSearchCommands,
    addExecutorCommands,
    addCollectCommands,
    addWorkerCommand,
    addPackWorkerCommand,
    addListCommands,
    addShowCommand,
    addEnsembleCommand,
    addClassifyCommand,
    addFineTuneCommand,
    addCompareCommand,
    addEc57Command,
    addReviewCommand,
    addOverruleCommand,
    addExportCommand,
    addRenameCommand,
    addRemovalCommands,
    addDoctorCommands,
    addLogCommand,
    addServeCommand,
    addDemoCommand,
    addDeviceCommand,
    addBenchCommand,
  ]) {
    add(program);
  }
  return withUsageErrors(program);
}

const HELP = `
From recordings to a result:
  ectopy sample                            generate sample recordings
  ectopy import FOLDER                     import your recordings (WFDB)
  ectopy download mitdb                    download and import a PhysioNet database
  ectopy prepare 1                         prepare the beats of dataset 1
  ectopy train 1 --model ann --epochs 10   train a network on preparation 1
  ectopy network                           show the networks; --help: how to write a custom network
  ectopy show 1                            show the metrics and limitations of run 1
  ectopy search 1 --model ann --repeat 5   train an experiment: repeats, grid, random search, cross-validation
  ectopy classify 1 2                      classify the recordings of dataset 2 by run 1
  ectopy fine-tune 1 2/208                 fine-tune run 1 on the first 5 minutes of recording 208
  ectopy compare 1 2                       compare runs, with a test of statistical significance
  ectopy export keras 1 --to FOLDER        export a trained model for other programs
  ectopy serve                             open the app in a browser tab

For research use only. Not a medical device.`;

/** Runs one command line. @returns the exit status: 0, or the status of the error's code */
export function main(args: readonly string[]): Promise<number> {
  return runProgram(createProgram(), args);
}
