/** Export of one file under the name that the user chose: complete or absent, and never in place of another file. */
import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ExportReport } from "../../../contract/domain/exports.ts";
import { withSystemErrors } from "../../../contract/domain/system-errors.ts";
import { makeFolder } from "../../base/make-folder.ts";
import { syncFile, syncFolder } from "../../store/disk.ts";
import { aside } from "../../base/aside.ts";
import { sweepExports } from "./folders.ts";

/**
 * Writes a file beside its destination, syncs it to the disk, and renames it.
 * @param path destination; missing folders above it are created
 * @param write writes the file at the given path
 * @throws EctopyError `no-access`, `disk-full`; `usage` if the destination exists with other content
 */
export async function exportFile(
  path: string,
  write: (path: string) => Promise<void> | void,
): Promise<Omit<ExportReport, "hint">> {
  const place = resolve(path);
  const parent = dirname(place);
  return withSystemErrors(`the export ${place}`, async () => {
    sweepExports(parent);
    makeFolder(parent);
    const written = aside(parent, basename(place), "new");
    try {
      await write(written);
      if (existsSync(place)) {
        if (hasSameContent(place, written)) return { place, outcome: "unchanged" };
        throw new EctopyError(
          "usage",
          `${place} exists already, with other content.`,
          "Choose another file name, or remove the file.",
        );
      }
      syncFile(written);
      renameSync(written, place);
      syncFolder(parent);
      return { place, outcome: "created" };
    } finally {
      rmSync(written, { force: true });
    }
  });
}

function hasSameContent(place: string, written: string): boolean {
  const { size } = statSync(written);
  const found = statSync(place);
  return found.isFile() && found.size === size && readFileSync(place).equals(readFileSync(written));
}
