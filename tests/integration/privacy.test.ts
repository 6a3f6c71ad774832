/** Stored personal data and file permissions: the real command line, on the sample recordings. */
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImportedDataset } from "../../src/contract/domain/datasets.ts";
import type { WorkspaceHealth } from "../../src/contract/domain/integrity.ts";
import { parseAnnotations, writeAnnotations } from "../../src/pipeline/recordings/wfdb/annotations.ts";
import { PreferenceStore } from "../../src/main/store/preferences.ts";
import { askEctopy, expectRefusal, runEctopy, temporaryFolder, type CommandOptions } from "../support/command-line.ts";
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

/** Returns the files below a folder that contain one of the names. */
function namingFiles(path: string): string[] {
  return filesIn(path).filter((file) => NAMES.some((name) => readFileSync(file).includes(name)));
}

/** Makes two sample recordings, one with a patient's name in its header and a physician's name in its annotations. */
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
  it.each(["folder", "ZIP file"])("stores no name from the comments and notes of a %s", async (kind) => {
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

  it("follows the setting of the window, unless an option overrides it", async () => {
    const source = recordsWithNames("clinic setting");
    const settings = join(folder.path, "without-comments.json");
    writeFileSync(settings, JSON.stringify({ withoutComments: true }));
    const options: CommandOptions = {
      workspace: join(folder.path, "workspace setting"),
      environment: { ECTOPY_SETTINGS: settings },
    };
    const imported = await askEctopy<ImportedDataset>(["import", source], options);
    expect(imported.report.records.map(({ comments }) => comments)).toEqual([[], []]);
    expect(namingFiles(options.workspace)).toEqual([]);
    const whole = await askEctopy<ImportedDataset>(["import", source, "--with-comments"], options);
    expect(whole.report.records[0].comments).toContain(`${NAMES[0]}, 69 M`);
    expectRefusal(
      await runEctopy(["import", source, "--with-comments", "--without-comments"], options),
      2,
      /cannot be used with/,
    );
  });

  it("makes another dataset than an import with comments", async () => {
    const source = recordsWithNames("clinic twice");
    const options: CommandOptions = { workspace: join(folder.path, "workspace twice") };
    const whole = await askEctopy<ImportedDataset>(["import", source], options);
    const naming = namingFiles(join(options.workspace, "datasets")).map((path) => basename(path));
    expect(naming.sort()).toEqual(["manifest.json", "s01.atr", "s01.hea"]);
    const bare = await askEctopy<ImportedDataset>(["import", source, "--without-comments"], options);
    expect(bare.dataset.id).not.toBe(whole.dataset.id);
    expect(bare.report.beats).toEqual(whole.report.beats);
    expect(bare.dataset.fingerprint).not.toBe(whole.dataset.fingerprint);
    expect(namingFiles(join(options.workspace, "datasets", String(bare.dataset.id)))).toEqual([]);

    // The same files again give the same dataset.
    const copy = join(folder.path, "clinic copy");
    mkdirSync(copy);
    cpSync(source, copy, { recursive: true });
    const again = await askEctopy<ImportedDataset>(["import", copy, "--without-comments"], options);
    expect(again.dataset.id).toBe(bare.dataset.id);
  });
});

describe.skipIf(process.platform === "win32")("files", () => {
  const base = join(folder.path, "rights");
  const options: CommandOptions = { workspace: join(base, "workspace") };
  const settings = join(base, "settings", "Ectopy", "settings.json");
  const openIn = (path: string): string[] =>
    [path, ...readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => join(path, name))].filter(
      (each) => (statSync(each).mode & 0o077) !== 0,
    );
  let umask: number;

  beforeAll(async () => {
    mkdirSync(base, { mode: 0o755 });
    umask = process.umask(0o022);
    process.env["ECTOPY_SETTINGS"] = settings;
    await askEctopy(["sample"], options);
    await askEctopy(["import", recordsWithNames("for rights")], options);
    await askEctopy(["prepare", "1"], options);
    const train = [
      "train",
      "1",
      "--model",
      "ann",
      "--epochs",
      "2",
      "--steps-per-epoch",
      "3",
      "--checkpoint-every",
      "1",
    ];
    // A given number of threads is not measured before the training.
    await askEctopy([...train, "--threads", "1"], options);
    for (const kind of ["keras", "tfjs", "mlflow"]) {
      await askEctopy(["export", kind, "1", "--to", join(base, "exports")], options);
    }
    new PreferenceStore(settings).write({ ...new PreferenceStore(settings).read(), theme: "dark" });
  });
  afterAll(() => {
    delete process.env["ECTOPY_SETTINGS"];
    process.umask(umask);
  });

  it("of the workspace and the settings can be read by their user only, whatever the umask", () => {
    expect(filesIn(options.workspace).length).toBeGreaterThan(20);
    expect(openIn(options.workspace)).toEqual([]);
    expect(openIn(join(base, "settings"))).toEqual([]);
  });

  it("of an export have the permissions of the umask, since they are shared", () => {
    const modes = readdirSync(join(base, "exports"), { recursive: true, withFileTypes: true }).map((entry) => {
      const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
      return `${entry.isDirectory() ? "folder" : "file"} ${mode.toString(8)}`;
    });
    expect([...new Set(modes)].sort()).toEqual(["file 644", "folder 755"]);
  });

  it("of a workspace of the previous version become private when it is opened, with one notice", async () => {
    execFileSync("chmod", ["-R", "a+rX", options.workspace]);
    const first = await runEctopy(["sample"], options);
    expect(first).toMatchObject({ status: 0 });
    expect(first.stderr.match(/Other users of this machine could read the workspace/g)).toHaveLength(1);
    expect(openIn(options.workspace).filter((path) => dirname(path) === options.workspace)).toEqual([]);
    expect(statSync(options.workspace).mode & 0o777).toBe(0o700);
    const second = await runEctopy(["sample"], options);
    expect(second.stderr).not.toMatch(/Other users/);
  });

  it("with open permissions are listed by ectopy doctor, and made private by its repair", async () => {
    execFileSync("chmod", ["-R", "a+rX", options.workspace]);
    const copy = join(options.workspace, "ectopy (conflicted copy 2026-01-02 101112).sqlite");
    writeFileSync(copy, "");
    const checkOf = ({ stdout }: { stdout: string }, name: string) =>
      (JSON.parse(stdout) as WorkspaceHealth).checks.find((check) => check.name === name)!;
    const found = await runEctopy(["doctor", "--json"], options);
    expect(found.status).toBe(4);
    const [finding] = checkOf(found, "rights").findings;
    expect(finding).toMatchObject({ severity: "problem", repairable: true });
    expect(finding.message).toMatch(/^Other users of this machine may read .*workspace, and \d+ more\.$/);
    expect(checkOf(found, "location").findings.map(({ message }) => message)).toEqual([
      expect.stringContaining(`${copy} is a copy that a synchronising program made`),
    ]);
    // A check changes nothing.
    expect(statSync(options.workspace).mode & 0o777).toBe(0o755);

    const repaired = await runEctopy(["doctor", "--repair", "--json"], options);
    expect(checkOf(repaired, "rights").findings).toEqual([]);
    expect(openIn(options.workspace)).toEqual([]);
    rmSync(copy);
    expect((await runEctopy(["doctor"], options)).status).toBe(0);
  });

  it("of another user stay unchanged, with a notice", async (ctx) => {
    if (process.geteuid?.() !== 0) return ctx.skip("needs a folder of another user, which only root can make");
    const others = join(base, "of another user");
    mkdirSync(others, { mode: 0o755 });
    chownSync(others, 12345, 12345);
    const { status, stderr } = await runEctopy(["sample"], { workspace: others });
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/can read .*of another user, which belongs to another user/);
    expect(statSync(others).mode & 0o777).toBe(0o755);
  });
});
