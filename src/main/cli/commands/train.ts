import { Option, type Command } from "commander";
import { defaultTraining } from "../../../contract/defaults.ts";
import { networkNames, type NetworkName, type TrainingSettings } from "../../../contract/training.ts";
import { positiveNumber, seedNumber, wholeNumber } from "../arguments.ts";
import { INTERRUPTED } from "../exit-status.ts";
import { withSession } from "../session.ts";
import { describeEpoch, describeRun, runDocument } from "../views/run.ts";

interface Options {
  model: NetworkName;
  epochs?: number;
  batch?: number;
  lr?: number;
  patience?: number;
  stepsPerEpoch?: number;
  seed?: number;
  threads?: number;
}

export function addTrainCommand(program: Command): void {
  program
    .command("train")
    .description("train a network on a preparation, and test it")
    .argument("<preparation>", "number of the preparation", wholeNumber(1))
    .addOption(new Option("--model <name>", "network").choices(networkNames).makeOptionMandatory())
    .option("--epochs <n>", "at most (default: ann 50, cnn 50, lstm 20)", wholeNumber(1))
    .option("--batch <beats>", "beats a step (default: ann 64, cnn 64, lstm 128)", wholeNumber(1))
    .option("--lr <rate>", "Adam's learning rate (default: 0.001)", positiveNumber)
    .option(
      "--patience <epochs>",
      "stop after so many epochs without a better validation loss; 0: never (default: cnn 5, else 0)",
      wholeNumber(0),
    )
    .option("--steps-per-epoch <n>", "count so many steps as an epoch (default: all batches)", wholeNumber(1))
    .option("--seed <n>", "of first weights, order and dropout (default: 42)", seedNumber)
    .option("--threads <n>", "TensorFlow's threads inside one operation (default: TensorFlow's)", wholeNumber(1))
    .action(async (preparation: number, options: Options, command: Command) => {
      await withSession(command, "write", async ({ terminal, services, signal }) => {
        const run = await services.training.train(preparation, trainingSettings(options), {
          progress: terminal.progress,
          onEpoch: (metrics) => terminal.say(describeEpoch(metrics)),
          signal,
        });
        const details = services.results.run(run.id);
        terminal.say(describeRun(details));
        terminal.document(runDocument(details));
        if (run.status === "cancelled") process.exitCode = INTERRUPTED;
      });
    });
}

export function trainingSettings({ model, lr, ...chosen }: Options): TrainingSettings {
  return { ...defaultTraining(model), ...(lr === undefined ? {} : { learningRate: lr }), ...chosen };
}
