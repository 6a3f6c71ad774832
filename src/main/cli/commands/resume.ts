/** `resume`: resumes a run from its last checkpoint. */
import type { Command } from "commander";
import { wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { CHECKPOINT_OPTION } from "../checkpoint-option.ts";
import { finishTraining, watchTraining } from "./train.ts";

export function addResumeCommand(program: Command): void {
  program
    .command("resume")
    .description("resume an interrupted, paused or failed run from its last checkpoint")
    .argument("<run>", "number of the run", wholeNumber(1))
    .option(...CHECKPOINT_OPTION)
    .action(async (id: number, { checkpointEvery }: { checkpointEvery?: number }, command: Command) => {
      await withSession(command, "write", async (session) => {
        const run = await session.services.training.resume(id, watchTraining(session), checkpointEvery);
        finishTraining(session, run);
      });
    });
}
