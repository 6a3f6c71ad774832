/** `ec57`: compares two annotators of a dataset by ANSI/AAMI EC57. */
import { InvalidArgumentError, type Command } from "commander";
import { LEARNING_PERIOD_S, type BeatConvention } from "../../../contract/domain/ec57.ts";
import { nonEmpty, pathArgument, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";
import { describeEc57, ec57Document } from "../views/ec57.ts";

interface Options {
  from: number;
  convention: BeatConvention;
  testFolder?: string;
  withoutPaced?: true;
  matrices?: true;
}

export function addEc57Command(program: Command): void {
  program
    .command("ec57")
    .description("compare two annotators of a dataset, beat by beat and run by run, by ANSI/AAMI EC57")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .argument("<reference>", "reference annotator, such as atr", annotatorName)
    .argument("<test>", "test annotator, such as detected", annotatorName)
    .option(
      "--from <time>",
      "start of the comparison, in s or as minutes:seconds (default: 5:00, after EC57's learning period)",
      timeInSeconds,
      LEARNING_PERIOD_S,
    )
    .option(
      "--convention <name>",
      "escape beats (e, j, n) count as S (ec57, as bxb -L) or as N (aami) (default: ec57)",
      beatConvention,
      "ec57",
    )
    .option("--test-folder <folder>", "folder with the test annotations of another program, as NAME.TEST", pathArgument)
    .option("--matrices", "print the confusion matrix of each recording, too")
    .option("--without-paced", "leave out recordings with paced beats, as EC57 does")
    .action(async (dataset: number, reference: string, test: string, options: Options, command: Command) => {
      await withSession(command, "read", async ({ terminal, services }) => {
        const compared = await services.annotators.compare(dataset, reference, test, options);
        terminal.say(describeEc57(compared, { matrices: options.matrices === true }));
        terminal.document({
          dataset,
          reference,
          test,
          from: options.from,
          convention: options.convention,
          ...ec57Document(compared),
        });
      });
    });
}

/** Parses the name of an annotator: the suffix of its annotation files. */
function annotatorName(text: string): string {
  if (!/^[\w-]+$/.test(nonEmpty(text))) {
    throw new InvalidArgumentError("The name of an annotator is needed, such as atr: letters, digits, _ and -.");
  }
  return text;
}

/** Parses a time such as `300`, `5:00` or `1:00:00`. */
function timeInSeconds(text: string): number {
  if (!/^\d+(?::[0-5]?\d){0,2}(?:\.\d+)?$/.test(text)) {
    throw new InvalidArgumentError("A time is needed: seconds such as 300, or minutes and seconds such as 5:00.");
  }
  return text.split(":").reduce((seconds, part) => 60 * seconds + Number(part), 0);
}

/** Other names of the conventions: the class of the escape beats. */
const CONVENTION_NAMES = new Map<string, BeatConvention>([
  ["ec57", "ec57"],
  ["s", "ec57"],
  ["aami", "aami"],
  ["n", "aami"],
]);

function beatConvention(text: string): BeatConvention {
  const convention = CONVENTION_NAMES.get(text.toLowerCase());
  if (convention === undefined) {
    throw new InvalidArgumentError("A convention is needed: ec57 (escape beats count as S) or aami (as N).");
  }
  return convention;
}
