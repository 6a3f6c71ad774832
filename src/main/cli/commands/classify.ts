/** `classify`: classifies the beats of recordings by a trained run. */
import { InvalidArgumentError, type Command } from "commander";
import {
  classificationSchema,
  DEFAULT_THRESHOLD,
  type ClassificationCheck,
  type ClassificationResult,
} from "../../../contract/domain/classification.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { callerPath } from "../../base/user-path.ts";
import { withoutUndefined } from "../../base/without-undefined.ts";
import { nonEmpty, recordingNames, wholeNumber } from "../arguments.ts";
import { addCommentsOptions, excludesComments, type CommentsChoice } from "../comments-option.ts";
import { withSession, type Session } from "../session.ts";
import { describeCheck, describeClassification, describeCosts } from "../views/classification.ts";

interface Choices extends CommentsChoice {
  annotator?: string;
  threshold: number;
  name?: string;
  check?: true;
}

/** Recordings of a dataset; none: all. */
interface Chosen {
  dataset: number;
  records: string[];
}

export function addClassifyCommand(program: Command): void {
  const classify = program
    .command("classify")
    .description("classify the beats of recordings by a trained run, and store them as an annotation set")
    .argument("<run>", "number of the run", runNumber)
    .argument(
      "<paths...>",
      "number of a dataset (1), some of its recordings (1/100,101), or a folder or file, which is imported first",
    )
    .option(
      "--annotator <name>",
      "annotator or annotation set with the R-peaks (default: the recordings', else detected ones)",
      nonEmpty,
    )
    .option(
      "--threshold <probability>",
      "mark beats with a lower probability as unsure",
      probability,
      DEFAULT_THRESHOLD,
    )
    .option("--name <name>", "name of the annotation set (default: run and its number)", nonEmpty)
    .option("--check", "classify nothing: print what fits, and what a threshold costs on the test set");
  addCommentsOptions(classify).action(async (run: number, paths: string[], choices: Choices, command: Command) => {
    await withSession(command, "write", async (session) => {
      const { terminal, services, signal } = session;
      const chosen: Chosen[] = [];
      for (const path of paths) chosen.push(await datasetOf(path, choices, session));
      const checks: ClassificationCheck[] = [];
      const results: ClassificationResult[] = [];
      for (const { dataset, records } of chosen) {
        const { annotator: peaks, threshold, name } = choices;
        const choice = parsed({ run, dataset, records, peaks, threshold, name });
        const check = services.classification.check(choice);
        checks.push(check);
        terminal.say(describeCheck(check, dataset));
        if (choices.check === true) continue;
        const result = await services.classification.classify(choice, { progress: terminal.progress, signal });
        results.push(result);
        terminal.say(describeClassification(result));
      }
      if (choices.check === true) {
        const costs = costsOf(services, run);
        if (typeof costs === "string") terminal.say(costs);
        else terminal.say(describeCosts(costs));
        terminal.document({ checks, costs: typeof costs === "string" ? null : costs });
      } else {
        terminal.document({ run: checks[0].run, results });
      }
    });
  });
}

/** Returns what thresholds cost, or why that is unknown. */
function costsOf({ classification }: Session["services"], run: number) {
  try {
    return classification.costs(run);
  } catch (error) {
    if (error instanceof EctopyError && error.code === "nothing-usable") return error.message;
    throw error;
  }
}

/** Returns the recordings that an argument names; a folder or a file is imported. */
async function datasetOf(
  path: string,
  choices: CommentsChoice,
  { terminal, services, signal }: Session,
): Promise<Chosen> {
  const [, dataset, names] = /^(\d+)(?:\/(.+))?$/.exec(path) ?? [];
  if (dataset !== undefined)
    return { dataset: Number(dataset), records: names === undefined ? [] : recordingNames(names) };
  const withoutComments = excludesComments(choices, terminal);
  const imported = await services.datasets.importFrom(callerPath(nonEmpty(path)), {
    withoutComments,
    progress: terminal.progress,
    signal,
  });
  const { id, name } = imported.dataset;
  terminal.say(
    imported.alreadyThere
      ? `${path}: dataset ${id}, ${name}, has these recordings already.`
      : `${path}: imported as dataset ${id}, ${name}.`,
  );
  return { dataset: id, records: [] };
}

/** @throws EctopyError `usage` */
function parsed(given: Record<string, unknown>) {
  const checked = classificationSchema.safeParse(withoutUndefined(given));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new EctopyError(
    "usage",
    `${issue.path.join(".")}: ${issue.message}.`,
    "`ectopy classify --help` lists the options.",
  );
}

function runNumber(text: string): number {
  if (text.includes(",")) {
    throw new InvalidArgumentError(
      `One run is needed. Make an ensemble of several first: ectopy ensemble ${text.split(",").join(" ")}.`,
    );
  }
  return wholeNumber(1)(text);
}

function probability(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError("A probability from 0 to 1 is needed, such as 0.8.");
  }
  return value;
}
