/** The real MIT-BIH database, where it is: ECTOPY_MITDB, or beside the project. */
import { existsSync } from "node:fs";
import { join } from "node:path";

const candidates = [process.env["ECTOPY_MITDB"], join(import.meta.dirname, "../../../shared/data/mitdb")];

/** Its folder; undefined where there is none. A test then skips itself and says so. */
export const mitdb: string | undefined = candidates.find(
  (folder) => folder !== undefined && existsSync(join(folder, "RECORDS")),
);
export const NO_MITDB = "the MIT-BIH database is not there: ECTOPY_MITDB names its folder";
