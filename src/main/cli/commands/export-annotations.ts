/** `export annotations`: an annotation set for other programs. */
import { Option, type Command } from "commander";
import { setFormats, type SetFormat } from "../../../contract/domain/set-exports.ts";
import { nonEmpty, pathArgument, setName, wholeNumber } from "../arguments.ts";
import { withSession } from "../session.ts";

interface Options {
  to: string;
  format: SetFormat;
  record?: string;
}

export function addAnnotationExport(group: Command): void {
  group
    .command("annotations")
    .description("an annotation set as WFDB annotation files under its name, as EDF+ with the samples, or as CSV")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .argument("<set>", "name of the annotation set, such as detected", setName)
    .requiredOption("--to <folder>", "destination folder; created if it does not exist", pathArgument)
    .addOption(new Option("--format <name>", "format of the files").choices(setFormats).default("wfdb"))
    .option("--record <name>", "export this recording alone (default: all that the set has annotated)", nonEmpty)
    .action(async (dataset: number, set: string, { to, format, record }: Options, command: Command) => {
      await withSession(command, "read", async ({ terminal, services: { setExports }, signal }) => {
        const report = await setExports.export({ dataset, set, format, record }, to, {
          progress: terminal.progress,
          signal,
        });
        terminal.say(`${report.place} (${report.outcome}). ${report.hint}`);
        terminal.document(report);
      });
    });
}
