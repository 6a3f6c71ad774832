/** `import`: imports WFDB recordings from a folder or ZIP file. */
import type { Command } from "commander";
import type { ImportSettings } from "../../../contract/domain/datasets.ts";
import { withoutUndefined } from "../../base/without-undefined.ts";
import { nonEmpty, pathArgument, WITHOUT_COMMENTS } from "../arguments.ts";
import { withSession } from "../session.ts";
import { datasetDocument, describeImport } from "../views/dataset.ts";

export function addImportCommand(program: Command): void {
  program
    .command("import")
    .description("import WFDB recordings (.hea, .dat, .atr) from a folder or ZIP file, and report quality issues")
    .argument("<folder>", "folder or ZIP file with the recordings", pathArgument)
    .option("--name <name>", "name of the dataset (default: the folder's)", nonEmpty)
    .option(...WITHOUT_COMMENTS)
    .action(async (folder: string, options: ImportSettings, command: Command) => {
      await withSession(command, "write", async ({ terminal, services, signal }) => {
        const imported = await services.datasets.importFrom(folder, {
          ...withoutUndefined(options),
          progress: terminal.progress,
          signal,
        });
        terminal.say(describeImport(imported));
        terminal.document(datasetDocument(imported));
      });
    });
}
