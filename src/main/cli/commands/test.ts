import type { Command } from "commander";
import { pathArgument, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { finishTraining, watchTraining } from "./train.ts";

export function addTestCommand(program: Command): void {
  program
    .command("test")
    .description("test a model that was trained elsewhere, or exported from here; it becomes a run like any other")
    .argument("<model>", "Keras' .h5", pathArgument)
    .argument("<preparation>", "number of the preparation whose test part it is tried on", wholeNumber(1))
    .action(async (file: string, preparation: number, _options: object, command: Command) => {
      await withSession(command, "write", async (session) => {
        const { training } = session.services;
        finishTraining(session, await training.testImported(file, preparation, watchTraining(session)));
      });
    });
}
