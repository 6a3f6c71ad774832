/** `ensemble`: makes one model of several runs. */
import type { Command } from "commander";
import { nonEmpty, wholeNumbers } from "../arguments.ts";
import { withSession } from "../session.ts";
import { describeEnsemble } from "../views/ensemble.ts";
import { describeRun, runDocument } from "../views/run.ts";

export function addEnsembleCommand(program: Command): void {
  program
    .command("ensemble")
    .description("make one model of several runs of a preparation: the mean of their probabilities, stored as a run")
    .argument("<runs...>", "numbers of the runs, such as the seeds of an experiment", wholeNumbers(1))
    .option("--name <name>", "name of the ensemble", nonEmpty)
    .action(async (runs: number[], { name }: { name?: string }, command: Command) => {
      await withSession(command, "write", async ({ terminal, services: { ensembles, results } }) => {
        const { run, alreadyThere } = await ensembles.make([...new Set(runs)], name);
        if (alreadyThere) terminal.warn(`Run ${run} is this ensemble already: nothing was evaluated again.`);
        const details = results.run(run);
        const members = ensembles.members(run)!;
        terminal.say(`${describeRun(details)}\n\n${describeEnsemble(members, details.run.result!.test)}`);
        terminal.document({ ...runDocument(details), members });
      });
    });
}
