/** `show`: shows a run with its metrics and limitations. */
import type { Command } from "commander";
import { wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { describePatients } from "../views/patients.ts";
import { describeRun, runDocument } from "../views/run.ts";

export function addShowCommand(program: Command): void {
  program
    .command("show")
    .description("show a run: settings, metrics, confusion matrix and limitations")
    .argument("<run>", "number of the run", wholeNumber(1))
    .option("--by-patient", "add results by recording, and 95 % intervals over patients")
    .action(async (run: number, { byPatient }: { byPatient?: true }, command: Command) => {
      await withSession(command, "read", async ({ terminal, services }) => {
        const details = services.results.run(run);
        terminal.say(describeRun(details));
        if (byPatient !== true) {
          terminal.document(runDocument(details));
          return;
        }
        const patients = await services.comparison.byPatient(run);
        terminal.say(`\n${describePatients(patients)}`);
        terminal.document({ ...runDocument(details), byPatient: patients });
      });
    });
}
