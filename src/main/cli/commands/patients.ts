/** `patients`: lists the patients of a dataset's recordings, and corrects them. */
import { InvalidArgumentError, type Command } from "commander";
import type { DatasetDetails, CorrectedPatients } from "../../../contract/domain/datasets.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { counted } from "../../../contract/text/format-number.ts";
import { pathArgument, wholeNumber } from "../arguments.ts";
import { formatTable } from "../format.ts";
import { readPatientTable } from "../patient-table-file.ts";
import { withSession } from "../session.ts";

interface PatientsOptions {
  table?: string;
  set?: Record<string, string>;
  onePatientEach?: true;
  undo?: true;
}

export function addPatientsCommand(program: Command): void {
  program
    .command("patients")
    .description("list the patients of a dataset's recordings, or correct them; preparations keep the earlier ones")
    .argument("<dataset>", "number of the dataset", wholeNumber(1))
    .option("--table <file>", "table of patients: one line for each recording, such as `data_21_7,21`", pathArgument)
    .option(
      "--set <record=patient>",
      "patient of one recording, such as 201=201; empty: unknown; repeatable",
      assignment,
    )
    .option("--one-patient-each", "each recording is of another patient")
    .option("--undo", "undo the last correction")
    .action(async (dataset: number, options: PatientsOptions, command: Command) => {
      const isChange = Object.keys(options).length > 0;
      await withSession(command, isChange ? "write" : "read", ({ terminal, services: { patients, results } }) => {
        const corrected = !isChange
          ? undefined
          : options.undo === true
            ? patients.undo(withoutOthers(dataset, options))
            : patients.correct(dataset, changesOf(options, results.dataset(dataset)));
        const details = results.dataset(dataset);
        terminal.say(describePatientsOf(details));
        if (corrected !== undefined) terminal.say(`\n${describeCorrection(corrected)}`);
        terminal.document({
          dataset,
          patientsFrom: details.dataset.patientsFrom,
          patients: details.records.map(({ name, place, patient, knownAs }) => ({ name, place, patient, knownAs })),
          ...(corrected === undefined ? {} : { corrected }),
        });
      });
    });
}

function withoutOthers(dataset: number, options: PatientsOptions): number {
  if (Object.keys(options).length === 1) return dataset;
  throw new EctopyError("usage", "--undo undoes a correction and makes none.", "Use it alone.");
}

/** Returns the changes: those by hand win over the table, which wins over one patient for each recording. */
function changesOf(
  { table, set, onePatientEach }: PatientsOptions,
  { records }: DatasetDetails,
): Record<string, string> {
  return {
    ...(onePatientEach === true ? Object.fromEntries(records.map(({ name }) => [name, name])) : {}),
    ...(table === undefined ? {} : readPatientTable(table)),
    ...set,
  };
}

function assignment(text: string, before: Record<string, string> = {}): Record<string, string> {
  const end = text.indexOf("=");
  const record = text.slice(0, end).trim();
  if (end < 1 || record === "")
    throw new InvalidArgumentError("A recording and its patient are needed, such as 201=A.");
  return { ...before, [record]: text.slice(end + 1).trim() };
}

function describePatientsOf({ records, dataset }: DatasetDetails): string {
  const usable = records.filter((record) => record.usable);
  const labels = new Set(usable.flatMap(({ patient }) => patient ?? []));
  const unknown = usable.filter(({ patient }) => patient === null).length;
  return [
    formatTable(
      ["Recording", "Folder", "Patient"],
      records.map(({ name, place, patient }) => [name, place, patient ?? "unknown"]),
    ),
    "",
    `Dataset ${dataset.id}, ${dataset.name}: ${counted(labels.size, "patient")}` +
      (unknown === 0 ? "." : `; unknown of ${counted(unknown, "recording")}.`),
  ].join("\n");
}

function describeCorrection({ changed, unused, outdated }: CorrectedPatients): string {
  return [
    changed.length === 0 ? "Nothing changed." : `Corrected: the patient of ${counted(changed.length, "recording")}.`,
    ...(unused.length === 0 ? [] : [`The dataset has no recording ${unused.slice(0, 5).join(", ")}.`]),
    ...(outdated.length === 0
      ? []
      : [
          `Outdated, with the earlier patients: preparation ${outdated.join(", ")}. Prepare again to use the corrected ones.`,
        ]),
  ].join("\n");
}
