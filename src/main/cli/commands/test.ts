/** `test`: evaluates an external model on a test set. */
import type { Command } from "commander";
import type { EvaluationChoices } from "../../../contract/domain/foreign-models.ts";
import { trainedOnTestText } from "../../../contract/api/model-origin.ts";
import { classLabels, pathArgument, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { finishTraining, watchTraining } from "./train.ts";

export function addTestCommand(program: Command): void {
  program
    .command("test")
    .description("evaluate an external or exported model on a test set; the result is stored as a run")
    .argument("<model>", "Keras model file (.h5 or .keras)", pathArgument)
    .argument("<preparation>", "number of the preparation with the test set", wholeNumber(1))
    .option(
      "--classes <labels>",
      "classes of the model's outputs, in their order, such as F,N,Q,S,V; needed where the file does not name them",
      classLabels,
    )
    .option("--accept-differences", "evaluate although the preparation differs from the recipe in the model's file")
    .action(async (file: string, preparation: number, choices: EvaluationChoices, command: Command) => {
      await withSession(command, "write", async (session) => {
        const { training } = session.services;
        const { outputs, classes, trainedOnTest } = await training.describeImported(file, preparation);
        const order = choices.classes ?? classes;
        if (order !== null && order.length === outputs) {
          session.terminal.warn(`Outputs of the model: ${order.map((label, i) => `${i + 1} = ${label}`).join(", ")}.`);
        }
        if (trainedOnTest !== null && trainedOnTest.length > 0) session.terminal.warn(trainedOnTestText(trainedOnTest));
        const watch = { ...watchTraining(session), ...choices };
        finishTraining(session, await training.testImported(file, preparation, watch));
      });
    });
}
