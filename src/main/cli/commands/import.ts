/** `import`: inspects recordings, imports them, or adds them to a dataset. */
import type { Command } from "commander";
import { importSchema, type ImportSettings } from "../../../contract/domain/datasets.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { withoutUndefined } from "../../base/without-undefined.ts";
import { classNames, hertz, nameList, nonEmpty, pathArgument, wholeNumber } from "../arguments.ts";
import { addCommentsOptions, excludesComments, type CommentsChoice } from "../comments-option.ts";
import { readPatientTable } from "../patient-table-file.ts";
import { withSession } from "../session.ts";
import { datasetDocument, describeImport } from "../views/dataset.ts";
import { describeInspection } from "../views/inspection.ts";

interface ImportChoices extends CommentsChoice {
  name?: string;
  dryRun?: true;
  lead?: string[];
  annotator?: string;
  /** Path of the table. */
  patients?: string;
  onePatientEach?: true;
  patientsUnknown?: true;
  folder?: string[];
  addTo?: number;
  trainTables?: string[];
  testTables?: string[];
  classNames?: Record<string, string>;
  rate?: number;
}

export function addImportCommand(program: Command): void {
  const importing = program
    .command("import")
    .description(
      "import recordings (WFDB, EDF, BDF and others) or tables of beats (CSV) from a folder at any depth, a file or a ZIP file, and report quality issues",
    )
    .argument("<path>", "folder, file or ZIP file with the recordings", pathArgument)
    .option("--dry-run", "examine the recordings and import nothing: formats, leads, annotators, patients, oddities")
    .option("--name <name>", "name of the dataset (default: the folder's)", nonEmpty)
    .option("--lead <names>", "import these leads alone, by name, such as MLII,II (default: all)", nameList)
    .option("--annotator <name>", "use the annotations of this annotator, such as qrs (default: atr)", nonEmpty)
    .option(
      "--patients <table>",
      "table of patients: one line for each recording, such as `data_21_7,21`",
      pathArgument,
    )
    .option("--one-patient-each", "each recording is of another patient")
    .option("--patients-unknown", "claim nothing about patients, whatever the record names say")
    .option("--folder <place>", "import the recordings of this folder below the path alone; repeatable", collected)
    .option(
      "--train-tables <names>",
      "tables of beats that are training data, such as mitbih_train (default: by the files' names)",
      nameList,
    )
    .option("--test-tables <names>", "tables of beats that are the test set, such as mitbih_test", nameList)
    .option("--class-names <names>", "names of the classes of tables of beats, such as 0=N,1=S,2=V", classNames)
    .option("--rate <hz>", "sampling rate of tables of beats; 0: unknown (default: 125 Hz for 187 samples)", hertz)
    .option("--add-to <dataset>", "add the recordings to this dataset, instead of a new one", wholeNumber(1));
  addCommentsOptions(importing).action(
    async (path: string, { dryRun, ...choices }: ImportChoices, command: Command) => {
      if (dryRun === true) return inspect(path, command);
      await withSession(command, "write", async ({ terminal, services, signal }) => {
        const withoutComments = excludesComments(choices, terminal);
        const imported = await services.datasets.importFrom(path, {
          ...settingsOf({ ...choices, withoutComments }),
          progress: terminal.progress,
          signal,
        });
        terminal.say(describeImport(imported));
        terminal.document(datasetDocument(imported));
      });
    },
  );
}

/** Examines recordings. A workspace is needed for large recordings of an archive alone. */
async function inspect(path: string, command: Command): Promise<void> {
  await withSession(command, "write", async ({ terminal, services, signal }) => {
    const inspection = await services.datasets.inspect(path, { progress: terminal.progress, signal });
    await services.datasets.discard(inspection.id);
    terminal.say(describeInspection(inspection));
    const { id, ...document } = inspection;
    void id;
    terminal.document({ inspection: document });
  });
}

function settingsOf({
  name,
  lead,
  annotator,
  patients,
  onePatientEach,
  patientsUnknown,
  folder,
  addTo,
  trainTables,
  testTables,
  classNames,
  rate,
  withoutComments,
}: Omit<ImportChoices, "withoutComments"> & { withoutComments: boolean }): ImportSettings {
  const settings = withoutUndefined({
    name,
    annotator,
    onePatientEach,
    patientsUnknown,
    addTo,
    withoutComments,
    classNames,
    rate,
    tables:
      trainTables === undefined && testTables === undefined
        ? undefined
        : Object.fromEntries([
            ...(trainTables ?? []).map((table) => [table, "train"] as const),
            ...(testTables ?? []).map((table) => [table, "test"] as const),
          ]),
    leads: lead,
    places: folder?.map(withoutEndSlash),
    patients: patients === undefined ? undefined : readPatientTable(patients),
  });
  const checked = importSchema.safeParse(settings);
  if (checked.success) return withoutUndefined(checked.data);
  const [issue] = checked.error.issues;
  throw new EctopyError(
    "usage",
    `${issue.path.join(".")}: ${issue.message}.`,
    "`ectopy import --help` lists the options.",
  );
}

function collected(text: string, before: string[] = []): string[] {
  return [...before, nonEmpty(text)];
}

function withoutEndSlash(place: string): string {
  return place.replaceAll("\\", "/").replace(/\/+$/, "");
}
