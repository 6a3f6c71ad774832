/** Patients of recordings by a table of the user. Pure. */
import type { DatasetRecord } from "../../contract/domain/dataset-records.ts";

/** Returns the patients of the recordings that the table names: by stored name, original name, or with the folder. */
export function patientsByTable(
  table: ReadonlyMap<string, string>,
  records: readonly Pick<DatasetRecord, "name" | "place" | "details">[],
): Record<string, string> {
  return Object.fromEntries(
    records.flatMap(({ name, place, details }) => {
      const original = details?.originalName ?? name;
      const path = place === "" ? original : `${place}/${original}`;
      const patient = table.get(name) ?? table.get(path) ?? table.get(original);
      return patient === undefined ? [] : [[name, patient]];
    }),
  );
}
