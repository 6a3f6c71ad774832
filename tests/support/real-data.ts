/** Finds the real MIT-BIH database: in ECTOPY_MITDB, or beside the project. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const candidates = [process.env["ECTOPY_MITDB"], join(import.meta.dirname, "../../../shared/data/mitdb")];

/** Folder of the database. Undefined: a test skips itself with the reason. */
export const mitdb: string | undefined = candidates.find(
  (folder) => folder !== undefined && existsSync(join(folder, "RECORDS")),
);
export const NO_MITDB = "the MIT-BIH database is missing: set ECTOPY_MITDB to its folder";
