/**
 * Exported folders: there as a whole or not at all, replaced only where they are the same run's.
 *
 * An export is written aside, in a hidden folder beside its place that names the process. What it replaces is renamed out of the
 * way, never emptied, so that the place never holds half of either. Where a process is killed in between, the next export into the
 * same parent folder removes what was half written, and puts back what was renamed away.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ExportReport } from "../../../contract/domain/exports.ts";
import { withSystemErrors } from "../../../contract/domain/system-errors.ts";
import { makeFolder } from "../../base/make-folder.ts";
import { hasEnded, IDENTITY, processIdentity } from "../../base/process-identity.ts";
import { syncFolder, syncTree } from "../../store/disk.ts";
import { logger } from "../../base/logger.ts";

const log = logger("exports");

/** Says whose an exported folder is, and of which state: written last of all its files. */
const STAMP = ".ectopy-export";
/** `.NAME.ectopy-new-PROCESS-RANDOM`: half written; `old`: renamed away to be replaced. */
const ASIDE = new RegExp(`^\\.(.+)\\.ectopy-(new|old)-(${IDENTITY})-[0-9a-f]+$`);

export interface ExportFolderOptions {
  /** False: a power cut may take it, which is well where hundreds of small files are to be written and can be again. */
  durable?: boolean;
  /** False: the caller has called {@link sweepExports} for all of several exports. */
  sweep?: boolean;
}

/**
 * @param parent is made where it is not there
 * @param stamp tells this state of this export from any other: the same stamp is not written again
 * @param write fills an empty folder
 * @throws EctopyError `no-access`, `disk-full`; `usage` where something else stands in the place
 */
export async function exportFolder(
  parent: string,
  name: string,
  stamp: string,
  write: (folder: string) => Promise<void> | void,
  { durable = true, sweep = true }: ExportFolderOptions = {},
): Promise<Omit<ExportReport, "hint">> {
  const folder = resolve(parent);
  const place = join(folder, name);
  return withSystemErrors(`the export in ${place}`, async () => {
    if (sweep) sweepExports(folder);
    const found = existsSync(place) ? stampOf(place) : null;
    if (found === stamp) return { place, outcome: "unchanged" };
    if (found === undefined) {
      throw new EctopyError(
        "usage",
        `${place} is there already, and is not an export of Ectopy's.`,
        "Choose another folder to export to.",
      );
    }
    makeFolder(folder);
    const written = aside(folder, name, "new");
    mkdirSync(written);
    try {
      await write(written);
      writeFileSync(join(written, STAMP), stamp);
      if (durable) syncTree(written);
      if (found === null) renameSync(written, place);
      else replace(place, written, aside(folder, name, "old"));
      if (durable) syncFolder(folder);
      return { place, outcome: found === null ? "created" : "updated" };
    } finally {
      rmSync(written, { recursive: true, force: true });
    }
  });
}

/**
 * Writes one file as a whole or not at all, and the folders above it.
 * @param parent where a killed process may leave a part of it, for {@link sweepExports}
 */
export function writeExportFile(parent: string, place: string, content: string): void {
  const written = aside(parent, basename(place), "new");
  try {
    makeFolder(parent);
    writeFileSync(written, content);
    makeFolder(dirname(place));
    renameSync(written, place);
  } finally {
    rmSync(written, { force: true });
  }
}

/** Removes from a folder what exports of ended processes left half written, and puts back what they renamed away. */
export function sweepExports(parent: string): void {
  // A file in its place is refused where the folder is made.
  if (statSync(parent, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  for (const entry of readdirSync(parent)) {
    const [, name, kind, identity] = ASIDE.exec(entry) ?? [];
    if (name === undefined || !hasEnded(identity)) continue;
    const left = join(parent, entry);
    const place = join(parent, name);
    try {
      if (kind === "old" && !existsSync(place)) renameSync(left, place);
      else rmSync(left, { recursive: true, force: true });
    } catch (error) {
      log.debug("What an interrupted export left could not be removed", error);
      // Another export sweeps at the same time, or it can't be removed: neither stands in this one's way.
    }
  }
}

function replace(place: string, written: string, old: string): void {
  renameSync(place, old);
  try {
    renameSync(written, place);
  } catch (error) {
    renameSync(old, place);
    throw error;
  }
  rmSync(old, { recursive: true, force: true });
}

/** Returns the path of a temporary file or folder beside an export; its name holds the identity of this process. */
export function aside(parent: string, name: string, kind: "new" | "old"): string {
  return join(parent, `.${name}.ectopy-${kind}-${processIdentity()}-${randomBytes(4).toString("hex")}`);
}

function stampOf(place: string): string | undefined {
  try {
    return readFileSync(join(place, STAMP), "utf8");
  } catch {
    return undefined;
  }
}
