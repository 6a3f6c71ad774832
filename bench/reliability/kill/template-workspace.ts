/** The small workspace with which each round begins: recordings, a preparation and a run, made once. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runEctopy } from "../../../tests/support/ectopy-process.ts";
import { sampleFiles, writeSampleRecords } from "../../../tests/support/sample-records.ts";
import { copyFolder } from "../copy-folder.ts";
import { zipOf } from "../../../tests/support/zip.ts";

export interface TemplateWorkspace {
  /** Path of a workspace with dataset 1, preparation 1 and run 1; copied, never changed. */
  workspace: string;
  /** Other recordings, as a folder and as a ZIP file. */
  recordings: string;
  zip: string;
  /** Folder of the current round, always the same path: exports contain their path. */
  round: string;
}

/** Folders of a round. */
export interface RoundPlace {
  workspace: string;
  /** Folder for exports. */
  out: string;
  temporary: string;
}

const STORED = ["s01", "s02", "s03"];
const NEW = ["s04", "s05", "s06", "s07"];

/** @param folder empty */
export async function makeTemplate(folder: string): Promise<TemplateWorkspace> {
  const template: TemplateWorkspace = {
    workspace: join(folder, "workspace"),
    recordings: join(folder, "recordings"),
    zip: join(folder, "recordings.zip"),
    round: join(folder, "round"),
  };
  const stored = join(folder, "stored");
  writeSampleRecords(stored, STORED);
  writeSampleRecords(template.recordings, NEW);
  const entries = NEW.flatMap((name) =>
    [...sampleFiles(name)].map(([file, bytes]) => ({ name: file, bytes, deflate: true })),
  );
  writeFileSync(template.zip, zipOf(entries));
  const few = ["--class-map", "N=NLR,V=V", "--majority-cap", "300", "--balancing", "none"];
  const short = ["--model", "ann", "--epochs", "2", "--steps-per-epoch", "5", "--threads", "1"];
  for (const args of [
    ["import", stored],
    ["prepare", "1", ...few],
    ["train", "1", ...short],
  ]) {
    const { status, stderr } = await runEctopy(args, { workspace: template.workspace });
    if (status !== 0) throw new Error(`ectopy ${args.join(" ")} ended with status ${status}:\n${stderr}`);
  }
  return template;
}

/** Returns a new copy of the template workspace with empty folders beside it. */
export function freshRound(template: TemplateWorkspace): RoundPlace {
  rmSync(template.round, { recursive: true, force: true });
  const place = {
    workspace: join(template.round, "workspace"),
    out: join(template.round, "out"),
    temporary: join(template.round, "temporary"),
  };
  for (const path of [place.out, place.temporary]) mkdirSync(path, { recursive: true });
  copyFolder(template.workspace, place.workspace);
  return place;
}
