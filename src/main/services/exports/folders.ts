/**
 * Writes exported folders, whole or not at all; only earlier exports of the same run are replaced.
 *
 * An export is written to a hidden folder beside its destination, whose name holds the process. The folder that it
 * replaces is renamed, never emptied, so that the destination is always complete. Where a process is killed in between,
 * the next export into the same parent folder removes incomplete folders and restores renamed ones.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { ExportReport } from "../../../contract/domain/exports.ts";
import { withSystemErrors } from "../../../contract/domain/system-errors.ts";
import { makeFolder } from "../../base/make-folder.ts";
import { ASIDE, aside } from "../../base/aside.ts";
import { hasEnded } from "../../base/process-identity.ts";
import { syncFolder, syncTree } from "../../store/disk.ts";
import { logger } from "../../base/logger.ts";

const log = logger("exports");

/** Identifies the run and the state of an exported folder; written last of its files. */
const STAMP = ".ectopy-export";

export interface ExportedFolder {
  /** Created if it does not exist. */
  parent: string;
  name: string;
  /** Identifies the state of the export: a folder with the same stamp is not written again. */
  stamp: string;
  /** Fills an empty folder. */
  write: (folder: string) => Promise<void> | void;
  /**
   * False: a power cut may lose the export, which is acceptable for hundreds of small files that can be written again.
   */
  durable?: boolean;
  /** False: the caller has called {@link sweepExports} for several exports. */
  sweep?: boolean;
}

/** @throws EctopyError `no-access`, `disk-full`; `usage` where the destination exists and is no export */
export async function exportFolder({
  parent,
  name,
  stamp,
  write,
  durable = true,
  sweep = true,
}: ExportedFolder): Promise<Omit<ExportReport, "hint">> {
  const folder = resolve(parent);
  const place = join(folder, name);
  return withSystemErrors(`the export in ${place}`, async () => {
    if (sweep) sweepExports(folder);
    const found = existsSync(place) ? stampOf(place) : null;
    if (found === stamp) return { place, outcome: "unchanged" };
    if (found === undefined) {
      throw new EctopyError(
        "usage",
        `${place} already exists and is not an export of Ectopy.`,
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
 * Writes one file, whole or not at all, and the folders above it.
 * @param parent folder in which {@link sweepExports} finds a part that a killed process left
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

/** Removes incomplete exports of ended processes from a folder, and restores folders that they renamed. */
export function sweepExports(parent: string): void {
  // A file with the name is refused when the folder is made.
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
      log.debug("An incomplete export could not be removed", error);
      // Another export may sweep at the same time. This export can continue.
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

function stampOf(place: string): string | undefined {
  try {
    return readFileSync(join(place, STAMP), "utf8");
  } catch {
    return undefined;
  }
}
