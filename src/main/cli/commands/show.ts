/** `show`: shows a run with its metrics and limitations. */
import type { Command } from "commander";
import { wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { describeRun, runDocument } from "../views/run.ts";

export function addShowCommand(program: Command): void {
  program
    .command("show")
    .description("show a run: settings, metrics, confusion matrix and limitations")
    .argument("<run>", "number of the run", wholeNumber(1))
    .action(async (run: number, _options: object, command: Command) => {
      await withSession(command, "read", ({ terminal, services }) => {
        const details = services.results.run(run);
        terminal.say(describeRun(details));
        terminal.document(runDocument(details));
      });
    });
}
