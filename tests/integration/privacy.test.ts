/** What is stored of patients, and who can read it: the real command line, on the samples. */
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ImportedDataset } from "../../src/contract/datasets.ts";
import { parseAnnotations, writeAnnotations } from "../../src/pipeline/recordings/wfdb/annotations.ts";
import { askEctopy, temporaryFolder, type CommandOptions } from "../support/command-line.ts";
import { sampleFiles, writeSampleRecords } from "../support/sample-records.ts";
import { zipOf } from "../support/zip.ts";

const folder = temporaryFolder();
afterAll(folder.remove);
const NAMES = ["Jane Doe", "Dr. Roe"];

function filesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Files below a folder in which one of the names can be read. */
function namingFiles(path: string): string[] {
  return filesIn(path).filter((file) => NAMES.some((name) => readFileSync(file).includes(name)));
}

/** Two sample records, one with a patient's name in its header and a physician's in its annotations. */
function recordsWithNames(name: string): string {
  const path = join(folder.path, name);
  writeSampleRecords(path, ["s01", "s02"]);
  appendFileSync(join(path, "s01.hea"), `# ${NAMES[0]}, 69 M\n`);
  const { annotations } = parseAnnotations(readFileSync(join(path, "s01.atr")), "s01.atr");
  const [{ sample, channel, num }] = annotations;
  const note = { sample, symbol: '"', subtype: 0, channel, num, aux: `seen by ${NAMES[1]}` };
  writeFileSync(join(path, "s01.atr"), writeAnnotations([note, ...annotations]));
  return path;
}

describe("ectopy import --without-comments", () => {
  it.each(["folder", "ZIP file"])("stores no name that stands in a %s's comments and notes", async (kind) => {
    const source = recordsWithNames(`clinic ${kind}`);
    const given = kind === "folder" ? source : `${source}.zip`;
    if (kind !== "folder") {
      const entries = readdirSync(source).map((name) => ({ name, bytes: readFileSync(join(source, name)) }));
      writeFileSync(given, zipOf(entries));
    }
    const options: CommandOptions = { workspace: join(folder.path, `workspace ${kind}`) };
    const imported = await askEctopy<ImportedDataset>(["import", given, "--without-comments"], options);
    expect(imported.report).toMatchObject({ usableRecords: 2, damagedRecords: 0 });
    expect(imported.report.records.map(({ comments }) => comments)).toEqual([[], []]);
    expect(namingFiles(options.workspace)).toEqual([]);

    const stored = join(options.workspace, "datasets", String(imported.dataset.id));
    expect(readFileSync(join(stored, "s01.hea"), "latin1")).toBe(
      Buffer.from(sampleFiles("s01").get("s01.hea")!)
        .toString("latin1")
        .replace(/^#.*\n/gm, ""),
    );
    expect(readFileSync(join(stored, "s01.dat")).equals(sampleFiles("s01").get("s01.dat")!)).toBe(true);
    const notes = parseAnnotations(readFileSync(join(stored, "s01.atr")), "s01.atr").annotations;
    expect(notes.find(({ symbol }) => symbol === '"')?.aux).toBe("");
  });

  it("is another dataset than with comments, which holds them", async () => {
    const source = recordsWithNames("clinic twice");
    const options: CommandOptions = { workspace: join(folder.path, "workspace twice") };
    const whole = await askEctopy<ImportedDataset>(["import", source], options);
    expect(namingFiles(join(options.workspace, "datasets")).length).toBe(2);
    const bare = await askEctopy<ImportedDataset>(["import", source, "--without-comments"], options);
    expect(bare.dataset.id).not.toBe(whole.dataset.id);
    expect(bare.report.beats).toEqual(whole.report.beats);
    expect(bare.dataset.fingerprint).not.toBe(whole.dataset.fingerprint);
    expect(namingFiles(join(options.workspace, "datasets", String(bare.dataset.id)))).toEqual([]);

    // The same files again are the same dataset.
    const copy = join(folder.path, "clinic copy");
    mkdirSync(copy);
    cpSync(source, copy, { recursive: true });
    const again = await askEctopy<ImportedDataset>(["import", copy, "--without-comments"], options);
    expect(again.dataset.id).toBe(bare.dataset.id);
  });
});
