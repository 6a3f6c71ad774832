/** `detect`: detects the R-peaks of a dataset's recordings. */
import type { Command } from "commander";
import { counted, formatInteger } from "../../../contract/text/format-number.ts";
import { DETECTED } from "../../../contract/domain/annotation-sets.ts";
import { nonEmpty, setName, wholeNumber } from "../arguments.ts";
import { formatTable } from "../format.ts";
import { withSession } from "../session.ts";

interface Options {
  lead?: string;
  record?: string;
  name: string;
  remove?: true;
}

export function addDetectCommand(program: Command): void {
  program
    .command("detect")
    .description("detect R-peaks, and store them as the annotator `detected` of each recording")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .option("--lead <name>", "read this lead alone (default: all leads together, weighted by their quality)", nonEmpty)
    .option("--record <name>", "read this recording alone; the set keeps its other recordings", nonEmpty)
    .option("--name <name>", "name of the annotation set", setName, DETECTED)
    .option("--remove", "move the annotation set to the bin")
    .action(async (dataset: number, { remove, ...options }: Options, command: Command) => {
      await withSession(command, "write", async ({ terminal, services: { annotators, removal }, signal }) => {
        if (remove === true) {
          const set = annotators.storedSet(dataset, options.name);
          removal.remove("annotationSets", set.id);
          terminal.say(`Dataset ${dataset}: the annotation set ${set.name} was moved to the bin.`);
          terminal.document({ dataset, removed: true, set: set.id });
          return;
        }
        const detected = await annotators.detect(dataset, { ...options, progress: terminal.progress, signal });
        const { records, skipped } = detected;
        const beats = records.reduce((sum, record) => sum + record.beats, 0);
        terminal.say(
          [
            formatTable(
              ["Recording", "R-peaks>"],
              records.map((record) => [record.record, formatInteger(record.beats)]),
            ),
            "",
            `${counted(records.length, "recording")}, ${counted(beats, "R-peak")}: annotator ${detected.set.name}.`,
            ...skipped.map(({ reason }) => `Excluded: ${reason}`),
            "",
            `Next: ectopy ec57 ${dataset} atr ${detected.set.name}`,
          ].join("\n"),
        );
        terminal.document({ dataset, ...detected });
      });
    });
}
