/** `train`: trains a network, and the options and output shared by all training commands. */
import { CHECKPOINT_OPTION } from "../checkpoint-option.ts";
import { batchProgress } from "../views/batch-progress.ts";
import { Option, type Command } from "commander";
import { clippingKinds, optimizerKinds, scheduleKinds } from "../../../contract/domain/optimization.ts";
import { trainingSettingTable as settings } from "../../../contract/settings/setting-table.ts";
import { keptEpochs, precisions, type RunRecord } from "../../../contract/domain/training.ts";
import { findNetwork } from "../../services/networks/network-files.ts";
import type { TrainingWatch } from "../../services/training/training.ts";
import { nonEmpty, numberOf, wholeNumber } from "../arguments.ts";
import { INTERRUPTED } from "../exit-status.ts";
import { savedNetworks, withSession, type Session } from "../session.ts";
import { settingHelp } from "../setting-help.ts";
import { trainingSettings, type TrainingOptions } from "../training-options.ts";
import { backendOption } from "../backend-option.ts";
import { describeEpoch, describeRun, runDocument } from "../views/run.ts";

export function addTrainCommand(program: Command): void {
  const train = program
    .command("train")
    .description("train a network on a preparation and evaluate it on the test set")
    .argument("<preparation>", "number of the preparation", wholeNumber(1));
  addTrainingOptions(train).action(async (preparation: number, options: TrainingOptions, command: Command) => {
    const chosen = trainingSettings(findNetwork(options.model, savedNetworks(command)), options);
    await withSession(command, "write", async (session) => {
      const { training } = session.services;
      const { id } = training.add(preparation, chosen);
      const run = await training.train(id, watchTraining(session), options.checkpointEvery);
      finishTraining(session, run);
    });
  });
}

/** Adds the options of a training, shared by `train` and `search`. */
export function addTrainingOptions(command: Command): Command {
  return command
    .requiredOption(
      "--model <name>",
      "network: ann, cnn, lstm, rhythm-and-shape, residual-cnn, a network file, or the name of a saved network (see `ectopy network --help`)",
      nonEmpty,
    )
    .option("--epochs <n>", settingHelp(settings.epochs, "lstm 20, else 50"), numberOf(settings.epochs))
    .option("--batch <beats>", settingHelp(settings.batch, "lstm 128, else 64"), numberOf(settings.batch))
    .option("--lr <rate>", settingHelp(settings.learningRate, 0.001), numberOf(settings.learningRate))
    .addOption(
      new Option("--optimizer <name>", settingHelp(settings["optimizer.kind"], "adam")).choices(optimizerKinds),
    )
    .option(
      "--momentum <fraction>",
      settingHelp({ ...settings["optimizer.momentum"], special: "sgd and rmsprop" }, 0),
      numberOf(settings["optimizer.momentum"]),
    )
    .option(
      "--weight-decay <fraction>",
      settingHelp({ ...settings["optimizer.weightDecay"], special: "adamw" }, 0.004),
      numberOf(settings["optimizer.weightDecay"]),
    )
    .addOption(
      new Option("--schedule <name>", settingHelp(settings["schedule.kind"], "constant")).choices(scheduleKinds),
    )
    .option(
      "--warmup <epochs>",
      settingHelp({ ...settings["schedule.warmupEpochs"], special: "cosine schedule" }, 0),
      numberOf(settings["schedule.warmupEpochs"]),
    )
    .addOption(
      new Option(
        "--clip <what>",
        `${settingHelp(settings["clipping.kind"])}: by value, by norm of each weight, or by global norm`,
      ).choices(clippingKinds.filter((kind) => kind !== "none")),
    )
    .option("--clip-limit <number>", settingHelp(settings["clipping.limit"], 1), numberOf(settings["clipping.limit"]))
    .option(
      "--balance-classes",
      `${settings["weighting.classes"].label.toLowerCase()}: each class has the same total weight in the loss`,
    )
    .option(
      "--synthetic-weight <fraction>",
      settingHelp(settings["weighting.synthetic"], 1),
      numberOf(settings["weighting.synthetic"]),
    )
    .option("--balanced-batches", "batches have the classes equally often; beats of small classes repeat")
    .option(
      "--label-smoothing <fraction>",
      settingHelp(settings["loss.labelSmoothing"], 0),
      numberOf(settings["loss.labelSmoothing"]),
    )
    .option("--focal-loss <gamma>", settingHelp(settings["loss.focus"], 0), numberOf(settings["loss.focus"]))
    .option(
      "--logit-adjustment <factor>",
      settingHelp(settings["loss.logitAdjustment"], 0),
      numberOf(settings["loss.logitAdjustment"]),
    )
    .option(
      "--patience <epochs>",
      settingHelp(settings.patience, "ann and lstm 0, else 5"),
      numberOf(settings.patience),
    )
    .addOption(
      new Option("--keep <epoch>", settingHelp(settings.keptEpoch, "rhythm-and-shape last, else best")).choices(
        keptEpochs,
      ),
    )
    .option(
      "--steps-per-epoch <n>",
      settingHelp({ ...settings.stepsPerEpoch, special: undefined }, "full pass"),
      numberOf(settings.stepsPerEpoch),
    )
    .option("--seed <n>", settingHelp(settings.seed, 42), numberOf(settings.seed))
    .option(
      "--threads <n>",
      settingHelp({ ...settings.threads, special: undefined }, "auto"),
      numberOf(settings.threads),
    )
    .addOption(new Option("--precision <name>", settingHelp(settings.precision, "float32")).choices(precisions))
    .addOption(backendOption())
    .option(...CHECKPOINT_OPTION);
}

/** Returns the callbacks that show a training in the terminal. */
export function watchTraining({ terminal, signal }: Session): TrainingWatch {
  return {
    onProgress: (batch) => terminal.progress(batchProgress(batch)),
    onEvaluating: terminal.progress,
    onEpoch: (metrics) => terminal.say(describeEpoch(metrics)),
    onContinued: () => terminal.warn("The training continues."),
    onPaused: (reason) => {
      if (reason !== null)
        terminal.warn(
          `${reason.message} The training is paused. It continues when there is free space; Ctrl-C stops it.`,
        );
    },
    signal,
  };
}

/** Prints the run, and sets the exit status of a cancelled one. */
export function finishTraining({ terminal, services }: Session, run: RunRecord): void {
  const details = services.results.run(run.id);
  terminal.say(describeRun(details));
  terminal.document(runDocument(details));
  if (run.status === "cancelled") process.exitCode = INTERRUPTED;
}
