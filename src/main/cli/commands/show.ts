/** `show`: shows a run with its metrics and limitations. */
import type { Command } from "commander";
import { DEFAULT_ALARM_RATE } from "../../../contract/domain/calibration.ts";
import type { RunAreas } from "../../../contract/domain/comparison.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Services } from "../../services/compose.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { ComparisonService } from "../../services/runs/comparison.ts";
import { numberOf, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { describeCalibration } from "../views/calibration.ts";
import { describeShapes, shapesDocument } from "../views/class-shapes.ts";
import { describeEnsemble } from "../views/ensemble.ts";
import { describeTestSetEc57, testSetEc57Document } from "../views/ec57.ts";
import { describeExplanation, explanationDocument, type NamedExplanation } from "../views/explanation.ts";
import { describeLooks } from "../views/looks.ts";
import { describePatients } from "../views/patients.ts";
import { describeRun, runDocument } from "../views/run.ts";

interface ShowOptions {
  byPatient?: true;
  ec57?: true;
  calibration?: true;
  falsePositives: number;
  confusions?: true;
  looks?: true;
  explain?: number;
  class?: string;
}

export function addShowCommand(program: Command): void {
  program
    .command("show")
    .description("show a run: settings, metrics, confusion matrix and limitations")
    .argument("<run>", "number of the run", wholeNumber(1))
    .option("--by-patient", "add results by recording, and 95 % intervals over patients")
    .option("--ec57", "add sensitivity and PPV of QRS, VEB and SVEB by ANSI/AAMI EC57, after its learning period")
    .option("--calibration", "add the calibration error, and the sensitivity at a rate of false positives per hour")
    .option(
      "--false-positives <rate>",
      "false positives per hour, at most, of --calibration",
      numberOf({ label: "False positives per hour", range: { min: 0, max: 100_000 } }),
      DEFAULT_ALARM_RATE,
    )
    .option("--confusions", "add the mean beat of each class, and which beats were confused, with the closest ones")
    .option(
      "--explain <beat>",
      "add what spoke for the class of a test beat: its row in predictions.csv",
      wholeNumber(1),
    )
    .option("--class <class>", "class that --explain explains; default: the predicted class")
    .option("--looks", "add all evaluations of its test set, with the settings that changed between them")
    .action(async (run: number, options: ShowOptions, command: Command) => {
      const { byPatient, calibration, confusions, ec57, falsePositives, looks } = options;
      await withSession(command, "read", async ({ terminal, services }) => {
        const details = services.results.run(run);
        // Before anything is printed: the beat or the class may not exist.
        const explained =
          options.explain === undefined ? null : await explain(services, details, options.explain - 1, options.class);
        const areas = details.run.result === null ? null : await areasOf(services.comparison, run, terminal.warn);
        terminal.say(describeRun(details, areas));
        let document = runDocument(details, areas);
        const members = services.ensembles.members(run);
        if (members !== null) {
          terminal.say(`\n${describeEnsemble(members, details.run.result!.test)}`);
          document = { ...document, members };
        }
        if (byPatient === true) {
          const patients = await services.comparison.byPatient(run);
          terminal.say(`\n${describePatients(patients, details.preparation.settings)}`);
          document = { ...document, byPatient: patients };
        }
        if (ec57 === true) {
          const compared = await services.comparison.ec57(run);
          terminal.say(`\n${describeTestSetEc57(compared, details.preparation.settings)}`);
          document = { ...document, ec57: compared && testSetEc57Document(compared) };
        }
        if (calibration === true) {
          const calibrated = await services.comparison.calibration(run, falsePositives);
          terminal.say(`\n${describeCalibration(calibrated)}`);
          document = { ...document, calibration: calibrated };
        }
        if (confusions === true) {
          const { labels } = details.preparation.summary;
          const { settings } = details.preparation;
          const shapes = { ...(await services.explanations.classShapes(run)), labels, settings };
          terminal.say(`\n${describeShapes(shapes)}`);
          document = { ...document, classShapes: shapesDocument(shapes) };
        }
        if (explained !== null) {
          terminal.say(`\n${describeExplanation(explained)}`);
          document = { ...document, explanation: explanationDocument(explained) };
        }
        if (looks === true) {
          const all = services.runs.looks(run);
          terminal.say(`\n${describeLooks(all)}`);
          document = { ...document, allLooks: all };
        }
        terminal.document(document);
      });
    });
}

/** Explains a test beat of a run. @param label name of the class; absent: the predicted one */
async function explain(
  { explanations }: Services,
  { run, preparation }: RunDetails,
  number: number,
  label?: string,
): Promise<NamedExplanation> {
  const { labels } = preparation.summary;
  const chosen = label === undefined ? null : labelOf(labels, label);
  const explanation = await explanations.explain(run.id, { number, label: chosen });
  return { ...explanation, number, label: labels[explanation.label] };
}

/** @throws EctopyError `invalid-settings` where the run has no such class */
function labelOf(labels: readonly string[], label: string): number {
  const number = labels.indexOf(label);
  if (number >= 0) return number;
  throw new EctopyError("invalid-settings", `The run has no class ${label}.`, `Its classes are ${labels.join(", ")}.`);
}

/** Returns the areas under the curves; null where the stored predictions are damaged, which the other metrics don't need. */
async function areasOf(
  comparison: ComparisonService,
  run: number,
  warn: (message: string) => void,
): Promise<RunAreas | null> {
  try {
    return await comparison.curves(run);
  } catch (error) {
    if (!(error instanceof EctopyError)) throw error;
    warn(`AUROC and average precision can't be computed. ${error.message}`);
    return null;
  }
}
