/** `download`: downloads and imports a PhysioNet database, or lists databases. */
import { Argument, InvalidArgumentError, type Command } from "commander";
import { createInterface } from "node:readline/promises";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import {
  bytesOfRecords,
  citationsOf,
  LARGE_DOWNLOAD_BYTES,
  parseDatabaseAddress,
  physioNetDatabases,
  selectRecords,
  type DatabaseContents,
} from "../../../contract/domain/physionet.ts";
import { counted, formatInteger } from "../../../contract/text/format-number.ts";
import { recordingNames } from "../arguments.ts";
import { addCommentsOptions, excludesComments, type CommentsChoice } from "../comments-option.ts";
import { formatTable } from "../format.ts";
import { withSession } from "../session.ts";
import { terminalOf } from "../terminal.ts";
import { datasetDocument, describeImport } from "../views/dataset.ts";

interface Options extends CommentsChoice {
  records?: string[];
  dryRun?: boolean;
  yes?: boolean;
}

export function addDownloadCommand(program: Command): void {
  const downloading = program
    .command("download")
    .description(
      "download a PhysioNet database by name and import it, resuming a partial download; without a name, list some databases",
    )
    .addArgument(
      new Argument(
        "[name]",
        "name on PhysioNet, such as svdb, edb/1.0.0 or mitdb/1.0.0/x_mitdb, or the address of its page",
      ).argParser(databaseName),
    )
    .option("--records <names>", "download these records only, such as 100,101 or 2*", recordingNames)
    .option("--dry-run", "show records, size, licence and citation, and download nothing")
    .option("--yes", "download more than 1 GB without a question");
  addCommentsOptions(downloading).action(async (name: string | undefined, options: Options, command: Command) => {
    if (name === undefined) {
      listDatabases(command);
      return;
    }
    const { records = [], dryRun = false, yes = false } = options;
    await withSession(command, dryRun ? "read" : "write", async ({ terminal, services: { downloads }, signal }) => {
      const isDescribed = name in physioNetDatabases && records.length === 0;
      if (dryRun || (!yes && !isDescribed)) {
        const contents = await downloads.inspect(name, signal);
        if (dryRun) {
          terminal.say([...describeContents(contents, records), ...termsOf(contents)].join("\n"));
          terminal.document(documentOf(contents, records));
          return;
        }
        await confirmSize(contents, records, signal);
      }
      const imported = await downloads.download(name, {
        records,
        withoutComments: excludesComments(options, terminal),
        progress: terminal.progress,
        signal,
      });
      const terms = termsOf(await downloads.inspect(name, signal));
      terminal.say([describeImport(imported), "", ...terms].join("\n"));
      terminal.document(datasetDocument(imported));
    });
  });
}

function databaseName(text: string): string {
  if (parseDatabaseAddress(text) !== null) return text;
  throw new InvalidArgumentError(
    `A name on PhysioNet is needed, such as ${Object.keys(physioNetDatabases).join(", ")} or edb/1.0.0.`,
  );
}

/** @throws EctopyError `usage`: the download is large, and nobody can be asked; CancelledError */
async function confirmSize(
  contents: DatabaseContents,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const bytes = patterns.length === 0 ? contents.bytes : bytesOfRecords(selectRecords(contents.records, patterns));
  if (bytes !== null && bytes < LARGE_DOWNLOAD_BYTES) return;
  const size = bytes === null ? "an unknown size" : sizeText(bytes);
  if (!(process.stdin.isTTY && process.stderr.isTTY)) {
    throw new EctopyError(
      "usage",
      `The download of the ${contents.title} has ${size}.`,
      "Confirm it with --yes, or choose records with --records.",
    );
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`The download has ${size}. Download it? [y/N] `, { signal });
    if (!/^y(es)?$/i.test(answer.trim())) throw new CancelledError("Cancelled; nothing was downloaded.");
  } catch (error) {
    throw signal.aborted ? new CancelledError("Cancelled; nothing was downloaded.") : error;
  } finally {
    lines.close();
  }
}

function describeContents(
  { address, title, annotators, records, bytes }: DatabaseContents,
  patterns: readonly string[],
): string[] {
  const chosen = selectRecords(records, patterns);
  const size = patterns.length === 0 ? bytes : bytesOfRecords(chosen);
  const names = chosen.slice(0, 12).map(({ name }) => name);
  return [
    `${title} (${address.name}, version ${address.version})`,
    `Records: ${formatInteger(chosen.length)}: ${names.join(", ")}${chosen.length > names.length ? ", …" : ""}`,
    `Size: ${size === null ? "not known" : sizeText(size)} in ${counted(
      chosen.reduce((sum, { files }) => sum + files, 0),
      "file",
    )}`,
    ...(annotators.length === 0
      ? []
      : ["Annotators:", ...annotators.map(({ name, about }) => `  ${name}${about === "" ? "" : `: ${about}`}`)]),
  ];
}

function documentOf(contents: DatabaseContents, patterns: readonly string[]): object {
  const records = selectRecords(contents.records, patterns);
  return { ...contents, records, bytes: patterns.length === 0 ? contents.bytes : bytesOfRecords(records) };
}

function sizeText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${formatInteger(Math.ceil(bytes / 1e6))} MB`;
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
  const details = databases.flatMap((database) => [
    "",
    `${database.name}: ${database.about}`,
    ...termsOf({ licence: database.licence.name, citations: citationsOf(database) }),
  ]);
  terminal.say(
    [
      formatTable(heads, rows),
      ...details,
      "",
      "Any other open database: ectopy download NAME --dry-run shows its records, size, licence and citation.",
      "Next: ectopy download mitdb",
    ].join("\n"),
  );
  terminal.document({ databases });
}

/** Returns the lines with licence and citation. */
function termsOf({ licence, citations }: Pick<DatabaseContents, "licence" | "citations">): string[] {
  const first = licence === "" ? "License: not named by the server. Citation:" : `License: ${licence}. Citation:`;
  return [first, ...citations.map((citation) => `  ${citation}`)];
}
