/** `import`: imports WFDB recordings from a folder or ZIP file. */
import type { Command } from "commander";
import { withoutUndefined } from "../../base/without-undefined.ts";
import { nonEmpty, pathArgument } from "../arguments.ts";
import { addCommentsOptions, excludesComments, type CommentsChoice } from "../comments-option.ts";
import { withSession } from "../session.ts";
import { datasetDocument, describeImport } from "../views/dataset.ts";

export function addImportCommand(program: Command): void {
  const importing = program
    .command("import")
    .description("import WFDB recordings (.hea, .dat, .atr) from a folder or ZIP file, and report quality issues")
    .argument("<folder>", "folder or ZIP file with the recordings", pathArgument)
    .option("--name <name>", "name of the dataset (default: the folder's)", nonEmpty);
  addCommentsOptions(importing).action(
    async (folder: string, { name, ...comments }: CommentsChoice & { name?: string }, command: Command) => {
      await withSession(command, "write", async ({ terminal, services, signal }) => {
        const imported = await services.datasets.importFrom(folder, {
          ...withoutUndefined({ name }),
          withoutComments: excludesComments(comments, terminal),
          progress: terminal.progress,
          signal,
        });
        terminal.say(describeImport(imported));
        terminal.document(datasetDocument(imported));
      });
    },
  );
}
