/** `test`: evaluates an external model on a test set. */
import type { Command } from "commander";
import { pathArgument, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { finishTraining, watchTraining } from "./train.ts";

export function addTestCommand(program: Command): void {
  program
    .command("test")
    .description("evaluate an external or exported model on a test set; the result is stored as a run")
    .argument("<model>", "Keras model file (.h5)", pathArgument)
    .argument("<preparation>", "number of the preparation with the test set", wholeNumber(1))
    .action(async (file: string, preparation: number, _options: object, command: Command) => {
      await withSession(command, "write", async (session) => {
        const { training } = session.services;
        finishTraining(session, await training.testImported(file, preparation, watchTraining(session)));
      });
    });
}
