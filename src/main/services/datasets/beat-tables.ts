/** Choices and checks of an import of tables whose rows are beats. */
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import type { ImportSettings } from "../../../contract/domain/datasets.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { isBeatTable } from "../../../pipeline/recordings/formats.ts";
import { tableSetsByName } from "../../../pipeline/recordings/finding/table-sets.ts";
import type { TableChoice } from "../../workers/beat-tasks.ts";
import type { FoundRecordings, NamedRecording } from "./find-all.ts";

/** A found recording, or a table of beats with its choices. */
export type ChosenRecording = NamedRecording & { table?: TableChoice };

/**
 * Returns the chosen tables with their choices; recordings are returned unchanged.
 * @throws EctopyError `invalid-settings`: a chosen table was not found, or two classes have one name
 */
export function withTableChoices(
  found: readonly NamedRecording[],
  { tables, classNames, rate }: Pick<ImportSettings, "tables" | "classNames" | "rate">,
): ChosenRecording[] {
  if (!found.some(isBeatTable)) {
    if (tables === undefined && classNames === undefined && rate === undefined) return [...found];
    throw new EctopyError(
      "invalid-settings",
      "There are no tables of beats: sets, class names and sampling rate can't be chosen.",
      "Import without these choices: recordings have their own annotations and rates.",
    );
  }
  const names = found.map(({ storedName }) => storedName);
  const sets = tables ?? tableSetsByName(names);
  const unknown = Object.keys(sets).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new EctopyError(
      "invalid-settings",
      `There is no table ${unknown}.`,
      `The tables are ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}.`,
    );
  }
  const given = Object.values(classNames ?? {});
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new EctopyError("invalid-settings", `Two classes have the name ${twice}.`, "Give each class another name.");
  }
  return found
    .filter(({ storedName }) => Object.hasOwn(sets, storedName))
    .map((table) => ({ ...table, table: { set: sets[table.storedName], classNames, rate } }));
}

/** Returns the names of the chosen tables and their sets, for an inspection. */
export function tableSetsOf({ recordings }: FoundRecordings): ReturnType<typeof tableSetsByName> {
  return tableSetsByName(recordings.filter(isBeatTable).map(({ storedName }) => storedName));
}

/**
 * Refuses records that can't be in one dataset.
 * @throws EctopyError `invalid-settings`: recordings and tables, or tables of different beats
 */
export function refuseUnlike(records: readonly DatasetRecord[]): void {
  const usable = records.filter((record) => record.usable);
  const tables = usable.filter(({ details }) => details?.table !== undefined);
  const [first] = tables;
  if (first === undefined) return;
  if (tables.length < usable.length) {
    throw new EctopyError(
      "invalid-settings",
      "A dataset has recordings or tables of beats, not both.",
      "Import the tables as another dataset.",
    );
  }
  const other = tables.find(
    ({ details, rate }) => details?.table?.samples !== first.details?.table?.samples || rate !== first.rate,
  );
  if (other === undefined) return;
  const described = ({ name, rate, details }: DatasetRecord): string =>
    `${name} (${details?.table?.samples} samples, ${rate > 0 ? `${rate} Hz` : "rate unknown"})`;
  throw new EctopyError(
    "invalid-settings",
    `The beats of ${described(first)} and ${described(other)} differ in length or sampling rate.`,
    "Import the tables as different datasets, or choose the sampling rate.",
  );
}
