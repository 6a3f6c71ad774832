/** `compare`: compares runs by metrics, settings and statistical significance. */
import type { Command } from "commander";
import { wholeNumbers } from "../arguments.ts";
import { withSession } from "../session.ts";
import { describePatients } from "../views/patients.ts";
import { comparisonDocument, describeComparison, type ComparisonDocument } from "../views/comparison.ts";

const NOT_FOLDS = "The runs are no folds of one cross-validation: `ectopy show RUN --by-patient` shows each run.";

interface CompareOptions {
  curves?: true;
  byPatient?: true;
}

export function addCompareCommand(program: Command): void {
  program
    .command("compare")
    .description("compare runs: metrics, differences in settings, and statistical significance")
    .argument("<runs...>", "numbers of the runs; the first is the baseline", wholeNumbers(1))
    .option("--by-patient", "add results by recording over the folds of a cross-validation")
    .option("--curves", "add the areas under the ROC and precision–recall curves of each class")
    .action(async (runs: number[], { curves, byPatient }: CompareOptions, command: Command) => {
      await withSession(command, "read", async ({ terminal, services: { comparison } }) => {
        const ids = [...new Set(runs)];
        const compared = comparison.compare(ids);
        const [baseline, ...others] = compared.runs;
        const comparable = others.filter(
          ({ testKey, test }) => testKey === baseline.testKey && test !== null && baseline.test !== null,
        );
        const tested = curves ? compared.runs.filter(({ test }) => test !== null) : [];
        const document: ComparisonDocument = comparisonDocument(
          compared,
          comparable.map(({ id }) => ({ run: id, ...comparison.paired(baseline.id, id) })),
          await Promise.all(tested.map(({ id }) => comparison.curves(id))),
        );
        terminal.say(describeComparison(document));
        if (byPatient !== true) {
          terminal.document(document);
          return;
        }
        const patients = compared.pooled === null ? null : await comparison.pooledByPatient(ids);
        terminal.say(`\n${compared.pooled === null ? NOT_FOLDS : describePatients(patients)}`);
        terminal.document({ ...document, byPatient: patients });
      });
    });
}
