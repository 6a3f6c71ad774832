/** Exported folders: there as a whole or not at all, replaced only where they are the same run's. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { EctopyError } from "../../../contract/errors.ts";
import type { ExportReport } from "../../../contract/exports.ts";
import { withSystemErrors } from "../../../contract/system-errors.ts";
import { StagedFolder } from "../../store/staged-folder.ts";

/** Says whose an exported folder is, and of which state: written last of all its files. */
const STAMP = ".ectopy-export";

/**
 * @param parent is made where it is not there
 * @param stamp tells this state of this export from any other: the same stamp is not written again
 * @param write fills an empty folder
 * @param durable as `StagedFolder.commit` has it
 * @throws EctopyError `no-access`, `disk-full`; `usage` where something else stands in the place
 */
export async function exportFolder(
  parent: string,
  name: string,
  stamp: string,
  write: (folder: string) => Promise<void> | void,
  durable = true,
): Promise<Omit<ExportReport, "hint">> {
  const place = join(resolve(parent), name);
  return withSystemErrors(`the export in ${place}`, async () => {
    const found = existsSync(place) ? stampOf(place) : null;
    if (found === stamp) return { place, outcome: "unchanged" };
    if (found === undefined) {
      throw new EctopyError(
        "usage",
        `${place} is there already, and is not an export of Ectopy's.`,
        "Choose another folder to export to.",
      );
    }
    mkdirSync(parent, { recursive: true });
    const staged = new StagedFolder(parent);
    try {
      await write(staged.path);
      writeFileSync(join(staged.path, STAMP), stamp);
      if (found === null) {
        staged.commit(place, durable);
        return { place, outcome: "created" };
      }
      // Renamed out of the way rather than emptied: the place never holds half of either.
      const old = `${staged.path}-old`;
      renameSync(place, old);
      staged.commit(place, durable);
      rmSync(old, { recursive: true, force: true });
      return { place, outcome: "updated" };
    } finally {
      staged.discard();
    }
  });
}

function stampOf(place: string): string | undefined {
  try {
    return readFileSync(join(place, STAMP), "utf8");
  } catch {
    return undefined;
  }
}
