/** `detect`: detects the R-peaks of a dataset's recordings. */
import type { Command } from "commander";
import { counted, formatInteger } from "../../../contract/text/format-number.ts";
import { nonEmpty, wholeNumber } from "../arguments.ts";
import { formatTable } from "../format.ts";
import { withSession } from "../session.ts";

export function addDetectCommand(program: Command): void {
  program
    .command("detect")
    .description("detect R-peaks, and store them as the annotator `detected` of each recording")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .option("--lead <name>", "read this lead alone (default: all leads together, weighted by their quality)", nonEmpty)
    .option("--remove", "remove the detected R-peaks")
    .action(async (dataset: number, { lead, remove }: { lead?: string; remove?: true }, command: Command) => {
      await withSession(command, "write", async ({ terminal, services: { annotators }, signal }) => {
        if (remove === true) {
          annotators.removeSet(dataset);
          terminal.say(`Dataset ${dataset}: the detected R-peaks were removed.`);
          terminal.document({ dataset, removed: true });
          return;
        }
        const detected = await annotators.detect(dataset, { lead, progress: terminal.progress, signal });
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
