/** `fine-tune`: fine-tunes a trained run for the patient of a recording, and tests it on the rest of that recording. */
import { InvalidArgumentError, type Command } from "commander";
import { DEFAULT_MINUTES, DEFAULT_REPLAY, fineTuningSchema } from "../../../contract/domain/patient-choice.ts";
import { fineTuningDefaults } from "../../../contract/settings/fine-tuning.ts";
import {
  preparationSettingTable as preparation,
  trainingSettingTable as training,
} from "../../../contract/settings/setting-table.ts";
import { nonEmpty, numberOf, wholeNumber } from "../arguments.ts";
import { backendOption } from "../backend-option.ts";
import { CHECKPOINT_OPTION } from "../checkpoint-option.ts";
import { withSession } from "../session.ts";
import { settingHelp } from "../setting-help.ts";
import { finishTraining, watchTraining } from "./train.ts";

interface Options {
  annotations?: string;
  minutes: number;
  replay: number;
  epochs?: number;
  lr?: number;
  batch?: number;
  seed?: number;
  threads?: number;
  backend?: string;
  checkpointEvery?: number;
}

export function addFineTuneCommand(program: Command): void {
  program
    .command("fine-tune")
    .description(
      "fine-tune a run for one patient: train it on the first minutes of a recording, and test it on the rest",
    )
    .argument("<run>", "number of the run whose weights are the start", wholeNumber(1))
    .argument("<recording>", "dataset and recording, such as 1/208", recordingOf)
    .option("--annotations <name>", "annotation set with the labels (default: the recording's annotations)", nonEmpty)
    .option(
      "--minutes <n>",
      settingHelp(preparation["patient.minutes"], DEFAULT_MINUTES),
      numberOf(preparation["patient.minutes"]),
      DEFAULT_MINUTES,
    )
    .option(
      "--replay <beats>",
      settingHelp(preparation["patient.replay"], DEFAULT_REPLAY),
      numberOf(preparation["patient.replay"]),
      DEFAULT_REPLAY,
    )
    .option("--epochs <n>", settingHelp(training.epochs, fineTuningDefaults.epochs), numberOf(training.epochs))
    .option("--batch <beats>", settingHelp(training.batch, fineTuningDefaults.batch), numberOf(training.batch))
    .option("--lr <rate>", settingHelp(training.learningRate, "half of the run's"), numberOf(training.learningRate))
    .option("--seed <n>", settingHelp(training.seed, "that of the run"), numberOf(training.seed))
    .option(
      "--threads <n>",
      settingHelp({ ...training.threads, special: undefined }, "auto"),
      numberOf(training.threads),
    )
    .addOption(backendOption())
    .option(...CHECKPOINT_OPTION)
    .action(async (run: number, place: { dataset: number; record: string }, options: Options, command: Command) => {
      const { lr: learningRate, checkpointEvery, ...chosen } = options;
      const given = Object.fromEntries(
        Object.entries({ ...chosen, learningRate }).filter(([, value]) => value !== undefined),
      );
      const choice = fineTuningSchema.parse({ run, ...place, ...given });
      await withSession(command, "write", async (session) => {
        const { terminal, services, signal } = session;
        const { id } = await services.fineTuning.add(choice, { progress: terminal.progress, signal });
        const trained = await services.training.train(id, watchTraining(session), checkpointEvery);
        finishTraining(session, trained);
      });
    });
}

function recordingOf(text: string): { dataset: number; record: string } {
  const [, dataset, record] = /^(\d+)\/(.+)$/.exec(text) ?? [];
  if (dataset === undefined || record === undefined) {
    throw new InvalidArgumentError("The number of a dataset and a recording are needed, such as 1/208.");
  }
  return { dataset: Number(dataset), record };
}
