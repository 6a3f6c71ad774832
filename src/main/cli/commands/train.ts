import { Option, type Command } from "commander";
import { clippingKinds, optimizerKinds, scheduleKinds } from "../../../contract/domain/optimization.ts";
import { precisions, type RunRecord } from "../../../contract/domain/training.ts";
import { findNetwork } from "../../services/models/network-files.ts";
import { CHECKPOINT_EVERY, type TrainingWatch } from "../../services/training/training.ts";
import { fraction, nonEmpty, positiveNumber, seedNumber, wholeNumber } from "../arguments.ts";
import { INTERRUPTED } from "../exit-status.ts";
import { savedModels, withSession, type Session } from "../session.ts";
import { trainingSettings, type TrainingOptions } from "../training-options.ts";
import { batchProgress, describeEpoch, describeRun, runDocument } from "../views/run.ts";

export const CHECKPOINT_OPTION = [
  "--checkpoint-every <seconds>",
  `keep a place to go on from this often (default: ${CHECKPOINT_EVERY}); \`ectopy resume RUN\` goes on`,
  positiveNumber,
] as const;

export function addTrainCommand(program: Command): void {
  const train = program
    .command("train")
    .description("train a network on a preparation, and test it")
    .argument("<preparation>", "number of the preparation", wholeNumber(1));
  addTrainingOptions(train).action(async (preparation: number, options: TrainingOptions, command: Command) => {
    const settings = trainingSettings(findNetwork(options.model, savedModels(command)), options);
    await withSession(command, "write", async (session) => {
      const { training } = session.services;
      const { id } = training.add(preparation, settings);
      const run = await training.train(id, watchTraining(session), options.checkpointEvery);
      finishTraining(session, run);
    });
  });
}

/** What a training is told, whichever command begins it. */
export function addTrainingOptions(command: Command): Command {
  return command
    .requiredOption(
      "--model <name>",
      "network: ann, cnn, lstm, or your own: a file, or the name of a saved one (see `ectopy model --help`)",
      nonEmpty,
    )
    .option("--epochs <n>", "at most (default: lstm 20, else 50)", wholeNumber(1))
    .option("--batch <beats>", "beats a step (default: lstm 128, else 64)", wholeNumber(1))
    .option("--lr <rate>", "learning rate (default: 0.001)", positiveNumber)
    .addOption(new Option("--optimizer <name>", "how weights are changed (default: adam)").choices(optimizerKinds))
    .option("--momentum <fraction>", "of sgd and rmsprop (default: 0)", fraction)
    .option("--weight-decay <fraction>", "of adamw (default: 0.004)", fraction)
    .addOption(
      new Option("--schedule <name>", "how the learning rate goes on (default: constant)").choices(scheduleKinds),
    )
    .option("--warmup <epochs>", "of the cosine schedule (default: 0)", positiveNumber)
    .addOption(
      new Option("--clip <what>", "cut gradients down: each entry, each weight's length, or the length of all").choices(
        clippingKinds.filter((kind) => kind !== "none"),
      ),
    )
    .option("--clip-limit <number>", "to this (default: 1)", positiveNumber)
    .option("--balance-classes", "let each class count the same in the loss, however many beats it has")
    .option("--synthetic-weight <fraction>", "what a synthetic beat counts in the loss (default: 1)", positiveNumber)
    .option(
      "--patience <epochs>",
      "stop after so many epochs without a better validation loss; 0: never (default: ann and lstm 0, else 5)",
      wholeNumber(0),
    )
    .option("--steps-per-epoch <n>", "count so many steps as an epoch (default: all batches)", wholeNumber(1))
    .option("--seed <n>", "of first weights, order and dropout (default: 42)", seedNumber)
    .option(
      "--threads <n>",
      "TensorFlow's threads inside one operation (default: as measured on this machine)",
      wholeNumber(1, 1024),
    )
    .option(
      "--micro-batches <n>",
      "divide each batch into micro-batches computed side by side, each with its own dropout masks (default: auto)",
      wholeNumber(1, 64),
    )
    .addOption(
      new Option(
        "--precision <name>",
        "of products; weights stay float32 (default: float32; bfloat16 needs hardware for it)",
      ).choices(precisions),
    )
    .option(...CHECKPOINT_OPTION);
}

export function watchTraining({ terminal, signal }: Session): TrainingWatch {
  return {
    onProgress: (batch) => terminal.progress(batchProgress(batch)),
    onEvaluating: terminal.progress,
    onEpoch: (metrics) => terminal.say(describeEpoch(metrics)),
    onContinued: () => terminal.warn("The training goes on."),
    onPaused: (reason) => {
      if (reason !== null)
        terminal.warn(
          `${reason.message} The training waits, and goes on by itself once there is space; Ctrl-C ends it.`,
        );
    },
    signal,
  };
}

export function finishTraining({ terminal, services }: Session, run: RunRecord): void {
  const details = services.results.run(run.id);
  terminal.say(describeRun(details));
  terminal.document(runDocument(details));
  if (run.status === "cancelled") process.exitCode = INTERRUPTED;
}
