/** Lists a folder for the dialog in which a user chooses a path: folders, recordings, ZIP files and Keras models. */
import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import type { FolderEntry, FolderListing } from "../../contract/domain/machine.ts";
import { hasRecordingExtension } from "../../contract/domain/recording-files.ts";
import { systemError } from "../../contract/domain/system-errors.ts";

/** @param given the user's home folder where absent @throws EctopyError `not-found`, `no-access` */
export async function listFolder(given: string = homedir()): Promise<FolderListing> {
  const folder = resolve(given);
  try {
    const found = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
    const entries = await Promise.all(
      found.map(async (entry) => {
        const path = join(folder, entry.name);
        // A link may have no target.
        const target = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
        const kind = target?.isDirectory() ? "folder" : target?.isFile() ? kindOfFile(path) : undefined;
        return kind && { name: entry.name, path, kind };
      }),
    );
    return {
      folder,
      parent: dirname(folder) === folder ? null : dirname(folder),
      entries: entries
        .filter((entry) => entry !== undefined)
        .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })),
      recordings: found.filter(({ name }) => extname(name) === ".hea").length,
    };
  } catch (error) {
    throw systemError(error, `folder ${folder}`);
  }
}

function kindOfFile(path: string): FolderEntry["kind"] | undefined {
  if (hasRecordingExtension(path)) return "file";
  return [".h5", ".hdf5", ".keras"].includes(extname(path).toLowerCase()) ? "model" : undefined;
}
