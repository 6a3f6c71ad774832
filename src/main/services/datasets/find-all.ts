/** Finds all recordings below a path, and names them. */
import { CancelledError } from "../../../contract/domain/errors.ts";
import type { LeftOut } from "../../../contract/domain/inspection.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { isBeatTable } from "../../../pipeline/recordings/formats.ts";
import { missingFromIndexes } from "../../../pipeline/recordings/finding/missing-from-indexes.ts";
import { storedNames } from "../../../pipeline/recordings/finding/record-names.ts";
import { nothingFound, type FoundRecording } from "../../workers/find-recordings.ts";
import { growBeatPoolFor } from "../../workers/prepare-beats.ts";
import type { BeatPool } from "../../workers/beat-tasks.ts";
import type { SourceTree } from "./source-tree.ts";

/** A recording that was found, with its name in the dataset. */
export interface NamedRecording extends FoundRecording {
  storedName: string;
}

export interface FoundRecordings {
  tree: SourceTree;
  /** What the user named. */
  shown: string;
  recordings: NamedRecording[];
  leftOut: LeftOut[];
  /** Findings on the folder, not on one recording. */
  findings: Finding[];
}

export interface FindWatch {
  progress: ReportProgress;
  signal: AbortSignal;
}

/**
 * Finds the recordings by headers and first bytes, which worker threads read.
 * @param pool runs these threads
 * @param shown name of the path for messages
 * @throws EctopyError `nothing-usable`; CancelledError
 */
export async function findAll(
  pool: BeatPool,
  tree: SourceTree,
  shown: string,
  { progress, signal }: FindWatch,
): Promise<FoundRecordings> {
  const { folders, leftOut: notEntered, only } = tree;
  let done = 0;
  const report = (): void => progress({ stage: "Finding recordings", done, total: folders.length, unit: "folders" });
  report();
  growBeatPoolFor(pool, folders.length);
  const groups = await Promise.all(
    folders.map(async ({ place, files }) => {
      const input = { folder: tree.filesIn(place, files), files };
      const found = await pool.run("groupFolder", input, { dropSignal: signal });
      if (signal.aborted) throw cancelled();
      done++;
      report();
      return { place, ...found };
    }),
  );
  const all = groups.flatMap(({ place, recordings }) => recordings.map((recording) => ({ ...recording, place })));
  const chosen = only === null ? all : all.filter(({ files }) => files.includes(only));
  // A dataset has recordings or tables of beats. Tables beside recordings are mostly lists of other things.
  const isMixed = chosen.some(isBeatTable) && !chosen.every(isBeatTable);
  const found = isMixed ? chosen.filter((each) => !isBeatTable(each)) : chosen;
  const leftOut: LeftOut[] = [
    ...notEntered,
    ...(isMixed ? chosen.filter(isBeatTable) : []).map(({ place, files: [file] }) => {
      return { place, file, reason: "beat-table" as const };
    }),
    ...groups.flatMap(({ place, leftOut: files }) => files.map((each) => ({ place, ...each }))),
  ];
  if (found.length === 0)
    throw nothingFound(
      shown,
      only,
      leftOut,
      folders.reduce((sum, { files }) => sum + files.length, 0),
    );
  const names = storedNames(found);
  return {
    tree,
    shown,
    recordings: found.map((recording, i) => ({ ...recording, storedName: names[i] })),
    leftOut: only === null ? leftOut : [],
    findings: only === null ? [...orphans(leftOut), ...missingFromIndexes(groups)] : [],
  };
}

export function cancelled(): CancelledError {
  return new CancelledError("Cancelled; nothing was imported.");
}

/** Returns a finding on signal and annotation files without a header. */
function orphans(leftOut: readonly LeftOut[]): Finding[] {
  const lone = leftOut.filter(({ reason }) => reason === "no-header");
  if (lone.length === 0) return [];
  const names = lone.slice(0, 5).map(({ place, file }) => (place === "" ? file : `${place}/${file}`));
  return [
    {
      severity: "warning",
      message: `${lone.length === 1 ? "A file has" : `${lone.length} files have`} no header: ${names.join(", ")}${lone.length > 5 ? ", …" : ""}.`,
      fix: "Copy the .hea files into the same folder and import it again.",
    },
  ];
}
