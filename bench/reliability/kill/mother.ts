/** The workspace that each round begins with: recordings, a preparation and a run, made once, small. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runEctopy } from "../../../tests/support/ectopy-process.ts";
import { sampleFiles, writeSampleRecords } from "../../../tests/support/sample-records.ts";
import { copyFolder } from "../copy-folder.ts";
import { zipOf } from "../../../tests/support/zip.ts";

export interface Mother {
  /** A workspace with dataset 1, preparation 1 and run 1; copied, never written. */
  workspace: string;
  /** Recordings that are not in it, as a folder and as a ZIP file. */
  recordings: string;
  zip: string;
  /** Where each round takes place, always the same: exports name their place. */
  round: string;
}

/** Folders of a round. */
export interface RoundPlace {
  workspace: string;
  /** For exports. */
  out: string;
  temporary: string;
}

const STORED = ["s01", "s02", "s03"];
const NEW = ["s04", "s05", "s06", "s07"];

/** @param folder empty */
export async function makeMother(folder: string): Promise<Mother> {
  const mother: Mother = {
    workspace: join(folder, "workspace"),
    recordings: join(folder, "recordings"),
    zip: join(folder, "recordings.zip"),
    round: join(folder, "round"),
  };
  const stored = join(folder, "stored");
  writeSampleRecords(stored, STORED);
  writeSampleRecords(mother.recordings, NEW);
  const entries = NEW.flatMap((name) =>
    [...sampleFiles(name)].map(([file, bytes]) => ({ name: file, bytes, deflate: true })),
  );
  writeFileSync(mother.zip, zipOf(entries));
  const few = ["--class-map", "N=NLR,V=V", "--majority-cap", "300", "--balancing", "none"];
  const short = ["--model", "ann", "--epochs", "2", "--steps-per-epoch", "5", "--threads", "1", "--micro-batches", "1"];
  for (const args of [
    ["import", stored],
    ["prepare", "1", ...few],
    ["train", "1", ...short],
  ]) {
    const { status, stderr } = await runEctopy(args, { workspace: mother.workspace });
    if (status !== 0) throw new Error(`ectopy ${args.join(" ")} ended with status ${status}:\n${stderr}`);
  }
  return mother;
}

/** A copy of the mother's workspace, and empty folders beside it. */
export function freshRound(mother: Mother): RoundPlace {
  rmSync(mother.round, { recursive: true, force: true });
  const place = {
    workspace: join(mother.round, "workspace"),
    out: join(mother.round, "out"),
    temporary: join(mother.round, "temporary"),
  };
  for (const path of [place.out, place.temporary]) mkdirSync(path, { recursive: true });
  copyFolder(mother.workspace, place.workspace);
  return place;
}
