/** `download`: downloads and imports a PhysioNet database, or lists the databases. */
import { Argument, type Command } from "commander";
import {
  citationsOf,
  physioNetDatabases,
  physioNetNames,
  type PhysioNetDatabase,
  type PhysioNetName,
} from "../../../contract/domain/physionet.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import { addCommentsOptions, excludesComments, type CommentsChoice } from "../comments-option.ts";
import { formatTable } from "../format.ts";
import { terminalOf, withSession } from "../session.ts";
import { datasetDocument, describeImport } from "../views/dataset.ts";

export function addDownloadCommand(program: Command): void {
  const downloading = program
    .command("download")
    .description(
      "download a PhysioNet database by name and import it, resuming a partial download; without a name, list the databases",
    )
    .addArgument(new Argument("[name]", "name of the database on PhysioNet").choices(physioNetNames));
  addCommentsOptions(downloading).action(
    async (name: PhysioNetName | undefined, comments: CommentsChoice, command: Command) => {
      if (name === undefined) {
        listDatabases(command);
        return;
      }
      await withSession(command, "write", async ({ terminal, services, signal }) => {
        const imported = await services.downloads.download(name, {
          withoutComments: excludesComments(comments, terminal),
          progress: terminal.progress,
          signal,
        });
        terminal.say([describeImport(imported), "", ...terms(physioNetDatabases[name])].join("\n"));
        terminal.document(datasetDocument(imported));
      });
    },
  );
}

function listDatabases(command: Command): void {
  const terminal = terminalOf(command);
  const databases = Object.values(physioNetDatabases);
  const rows = databases.map(({ name, title, records, leads, rate, bytes }) => [
    name,
    title,
    formatInteger(records),
    String(leads),
    `${rate} Hz`,
    `${formatInteger(bytes / 1e6)} MB`,
  ]);
  const heads = ["Name", "Database", "Records>", "Leads>", "Rate>", "Size>"];
  const details = databases.flatMap((database) => ["", `${database.name}: ${database.about}`, ...terms(database)]);
  terminal.say([formatTable(heads, rows), ...details, "", "Next: ectopy download mitdb"].join("\n"));
  terminal.document({ databases });
}

/** Returns the lines with licence and citation. */
function terms(database: PhysioNetDatabase): string[] {
  return [`License: ${database.licence.name}. Citation:`, ...citationsOf(database).map((citation) => `  ${citation}`)];
}
