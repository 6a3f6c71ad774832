/** Damaged, incomplete and malicious folders: each fault is named, none hangs, and no stored data is lost. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImportedDataset } from "../../src/contract/domain/datasets.ts";
import type { Inspection } from "../../src/contract/domain/inspection.ts";
import { MANIFEST_FILE } from "../../src/main/store/manifest.ts";
import {
  askEctopy,
  expectRefusal,
  runEctopy,
  runTogether,
  startEctopy,
  temporaryFolder,
  type CommandOptions,
} from "../support/command-line.ts";
import { expectEnded } from "../support/processes.ts";
import { writeSampleRecords } from "../support/sample-records.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
afterAll(folder.remove);

/** Makes a folder with sample recordings, for tests that damage them. */
function records(name: string, patients: readonly string[]): string {
  const path = join(folder.path, name);
  writeSampleRecords(path, patients);
  return path;
}

function changeByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] ^= 0x10;
  writeFileSync(path, bytes);
}

function changeText(path: string, from: RegExp, to: string): void {
  const before = readFileSync(path, "latin1");
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${path} holds no ${from}.`);
  writeFileSync(path, after, "latin1");
}

interface Listed {
  datasets: { id: number; name: string; records: number; beats: number }[];
}

let stored: Listed;
beforeAll(async () => {
  await askEctopy(["import", records("good", ["s01", "s02"]), "--name", "Two patients"], options);
  stored = await askEctopy<Listed>(["datasets"], options);
});

/** State that no refusal may change. */
async function expectNothingLost(): Promise<void> {
  expect(await askEctopy<Listed>(["datasets"], options)).toEqual(stored);
  expect(readdirSync(join(options.workspace, "datasets"))).toEqual(["1"]);
}

describe("a folder that can't be imported", () => {
  const cases: { what: string; make: (name: string) => string; status: number; message: RegExp }[] = [
    {
      what: "an empty folder",
      make: (name) => records(name, []),
      status: 4,
      message: /There are no recordings in .*: it has no files\.\n/,
    },
    {
      what: "a folder that does not exist",
      make: (name) => join(folder.path, name),
      status: 3,
      message: /The folder .* does not exist\.\n.*Correct the path/,
    },
    {
      what: "a file of no format for recordings",
      make: (name) => {
        const path = join(records(name, ["s01"]), "notes.txt");
        writeFileSync(path, "not a recording");
        return path;
      },
      status: 4,
      message: /notes\.txt is no recording of a supported format\./,
    },
    {
      what: "signals without a header",
      make: (name) => {
        const path = records(name, ["s01"]);
        rmSync(join(path, "s01.hea"));
        return path;
      },
      status: 4,
      message: /it contains no header \(\.hea\)/,
    },
    {
      what: "a header without its signals",
      make: (name) => {
        const path = records(name, ["s01"]);
        rmSync(join(path, "s01.dat"));
        return path;
      },
      status: 4,
      message: /s01\.dat/,
    },
    {
      what: "signals without a sample",
      make: (name) => {
        const path = records(name, ["s01"]);
        truncateSync(join(path, "s01.dat"), 2);
        return path;
      },
      status: 4,
      message: /The signal files of record s01 have no samples/,
    },
    {
      what: "a path out of the folder",
      make: (name) => {
        const path = records(name, ["s01"]);
        changeText(join(path, "s01.hea"), /s01\.dat/g, "../../etc/passwd");
        return path;
      },
      status: 4,
      message: /\.\.\/\.\.\/etc\/passwd/,
    },
    {
      what: "an absolute path",
      make: (name) => {
        const path = records(name, ["s01"]);
        changeText(join(path, "s01.hea"), /s01\.dat/g, "/etc/passwd");
        return path;
      },
      status: 4,
      message: /\/etc\/passwd/,
    },
    {
      what: "a header of random bytes",
      make: (name) => {
        const path = records(name, ["s01"]);
        writeFileSync(join(path, "s01.hea"), Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 7919) % 251)));
        return path;
      },
      status: 4,
      message: /s01\.hea/,
    },
    {
      what: "an empty header",
      make: (name) => {
        const path = records(name, ["s01"]);
        writeFileSync(join(path, "s01.hea"), "");
        return path;
      },
      status: 4,
      message: /s01\.hea/,
    },
    {
      what: "a header with more samples than fit into memory",
      make: (name) => {
        const path = records(name, ["s01"]);
        changeText(join(path, "s01.hea"), /108000/, "9007199254740991");
        return path;
      },
      status: 4,
      message: /s01/,
    },
    {
      what: "a circular link",
      make: (name) => {
        const path = records(name, ["s01"]);
        rmSync(join(path, "s01.dat"));
        symlinkSync("s01.dat", join(path, "s01.dat"));
        return path;
      },
      status: 4,
      message: /s01\.dat/,
    },
    {
      what: "signals of gigabytes",
      make: (name) => {
        const path = records(name, ["s01"]);
        truncateSync(join(path, "s01.dat"), 1_900_000_000); // A sparse file: it takes no space on the disk.
        return path;
      },
      status: 4,
      message: /s01\.dat is too large: it has 1900000000 bytes/,
    },
    {
      what: "annotations of gigabytes",
      make: (name) => {
        const path = records(name, ["s01"]);
        truncateSync(join(path, "s01.atr"), 1_900_000_000);
        return path;
      },
      status: 4,
      message: /s01\.atr is too large: it has 1900000000 bytes/,
    },
    {
      what: "a folder with the name of a file",
      make: (name) => {
        const path = records(name, ["s01"]);
        rmSync(join(path, "s01.dat"));
        mkdirSync(join(path, "s01.dat"));
        return path;
      },
      status: 4,
      message: /s01\.dat/,
    },
    {
      what: "an archive that is not unpacked",
      make: (name) => {
        const path = records(name, []);
        writeFileSync(join(path, "mitdb.zip"), "PK");
        return path;
      },
      status: 4,
      message: /There are no recordings in .*, but an archive\.\n.*Unpack mitdb\.zip, or import it alone\./,
    },
  ];

  it.each(cases)("is refused: $what", async ({ what, make, status, message }) => {
    const path = make(what);
    const [refused, listed] = await runTogether(
      [
        ["import", path],
        ["datasets", "--json"],
      ],
      options,
    );
    expectRefusal(refused, status, message);
    expect(JSON.parse(listed.stdout)).toEqual(stored);
    expect(readdirSync(join(options.workspace, "datasets"))).toEqual(["1"]);
  });

  it("ends the process with the status of the refusal", async () => {
    const { make, status, message } = cases[0];
    expectRefusal(await runEctopy(["import", make("a process")], options), status, message);
    await expectNothingLost();
  });

  it("is reported as one document with --json", async () => {
    const { status, stdout } = await runEctopy(["import", join(folder.path, "nowhere"), "--json"], options);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: "not-found",
        message: expect.stringMatching(/nowhere/) as string,
        fix: expect.stringMatching(/./) as string,
      },
    });
  });

  it.for(["s01.hea", "s01.dat", "s01.atr"])("does not hang on a pipe with the name %s", async (file, ctx) => {
    if (process.platform === "win32") return ctx.skip("Windows has no pipes in folders");
    const path = records(`pipe ${file}`, ["s01"]);
    rmSync(join(path, file));
    execFileSync("mkfifo", [join(path, file)]);
    const { child, ended } = startEctopy(["import", path], options);
    const giveUp = setTimeout(() => child.kill("SIGKILL"), 20_000);
    expectRefusal(await ended, 4, new RegExp(`${file} is not a regular file`));
    clearTimeout(giveUp);
    await expectNothingLost();
  });
});

describe("annotations of random bytes", () => {
  it("are named, and not used as beats", async () => {
    const path = records("noise", ["s01", "s02"]);
    const noise = Buffer.from(Array.from({ length: 4001 }, (_, i) => (i * i * 31 + i * 7) % 256));
    writeFileSync(join(path, "s02.atr"), noise);
    const { dataset, report } = await askEctopy<ImportedDataset>(["import", path, "--name", "Noise"], {
      workspace: join(folder.path, "other workspace"),
    });
    expect(dataset.id).toBe(1);
    const [, second] = report.records;
    expect(second?.findings.map(({ message }) => message).join(" ")).toMatch(/s02\.atr/);
  });
});

describe("records that differ from their headers", () => {
  it("are read as far as they go, with a warning", async () => {
    const path = records("odd", ["s01", "s02"]);
    truncateSync(join(path, "s01.dat"), 100_000);
    changeByte(join(path, "s02.dat"), 54_321);
    const { report } = await askEctopy<ImportedDataset>(["import", path], {
      workspace: join(folder.path, "odd workspace"),
    });
    expect(report).toMatchObject({ usableRecords: 2, damagedRecords: 0 });
    const [cut, changed] = report.records;
    expect(cut).toMatchObject({ name: "s01", length: 33_333 });
    expect(cut.findings[0]).toMatchObject({ code: "truncated", severity: "warning" });
    expect(cut.findings[0].message).toMatch(/s01\.dat is shorter than its header: it has 33333 of 108000 samples/);
    expect(changed.findings[0]).toMatchObject({ code: "checksum", severity: "warning" });
    expect(changed.findings[0].message).toMatch(/s02\.dat: the samples of signal [12] have the checksum/);
  });
});

describe("one damaged record among good ones", () => {
  const other: CommandOptions = { workspace: join(folder.path, "mixed workspace") };

  it("is named and excluded; the good ones are imported", async () => {
    const path = records("mixed", ["s01", "s02", "s03"]);
    truncateSync(join(path, "s02.dat"), 0);
    writeFileSync(join(path, "RECORDS"), "s01\ns02\ns03\ns04\n");
    const { status, stdout, stderr } = await runEctopy(["import", path], other);
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/damaged\s+s02: The signal files of record s02 have no samples/);
    expect(stdout).toMatch(/RECORDS names a missing record: s04/);
    expect(stdout).toMatch(/2 recordings, 10 min 00 s, .*\nExcluded: 1 recording\./);

    const again = await askEctopy<{ dataset: { id: number; alreadyThere: boolean } } & Pick<ImportedDataset, "report">>(
      ["import", path],
      other,
    );
    expect(again.dataset).toMatchObject({ id: 1, alreadyThere: true });
    expect(again.report.records.map(({ name, usable }) => [name, usable])).toEqual([
      ["s01", true],
      ["s02", false],
      ["s03", true],
    ]);
    const files = readdirSync(join(other.workspace, "datasets", "1"));
    expect(files.filter((file) => file.startsWith("s02"))).toEqual([]);
    // The stored files equal the originals, byte by byte.
    for (const file of files.filter((name) => name !== MANIFEST_FILE)) {
      expect(readFileSync(join(other.workspace, "datasets", "1", file)).equals(readFileSync(join(path, file)))).toBe(
        true,
      );
    }
  });

  it("does not prevent a preparation", async () => {
    const { preparation } = await askEctopy<{ preparation: { summary: { beats: number } } }>(["prepare", "1"], other);
    expect(preparation.summary.beats).toBeGreaterThan(0);
  });
});

describe("a name with control characters of a terminal", () => {
  it("is printed without them", async () => {
    const path = records("escape", ["s01"]);
    writeFileSync(join(path, "\u001b[2Jgone.dat"), "");
    const { status, stdout } = await runEctopy(["import", path, "--name", "red \u001b[31m"], {
      workspace: join(folder.path, "escape workspace"),
    });
    expect(status).toBe(0);
    expect(stdout).toContain("gone.dat");
    expect(stdout).not.toContain("\u001b");
  });
});

describe("Ctrl-C during an import", () => {
  it("stops it, and leaves neither a dataset nor files", async () => {
    const { child, ended, waitForOutput } = startEctopy(["sample", "--seed", "5"], options);
    await waitForOutput(/Importing recordings/);
    child.kill("SIGINT");
    const { status, stdout, stderr } = await ended;
    expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
    expect(stderr).toContain("Cancelled; nothing was imported.");
    await expectEnded(child.pid!, 1000);
    await expectNothingLost();
    expect(existsSync(join(options.workspace, "datasets", "2"))).toBe(false);
  });
});

it("renames a dataset, but not to an empty name", async () => {
  const names = async (): Promise<string[]> =>
    (await askEctopy<Listed>(["datasets"], options)).datasets.map(({ name }) => name);
  const [first] = stored.datasets;
  const id = String(first.id);
  expect(await askEctopy(["rename", "dataset", id, " Ward 3 "], options)).toEqual({
    kind: "datasets",
    id: first.id,
    name: "Ward 3",
  });
  expect(await names()).toContain("Ward 3");
  expectRefusal(await runEctopy(["rename", "dataset", id, ""], options), 2, /can't be the name of a dataset/);
  expectRefusal(await runEctopy(["rename", "preparation", "9", "x"], options), 3, /There is no preparation 9/);
  await askEctopy(["rename", "dataset", id, first.name], options);
});

describe("ectopy import --dry-run", () => {
  it("lists leads, annotators and patients, and imports nothing", async () => {
    const path = records("dry", ["s01", "s02"]);
    writeFileSync(join(path, "lone.dat"), "x");
    const [text, json] = await runTogether(
      [
        ["import", path, "--dry-run"],
        ["import", path, "--dry-run", "--json"],
      ],
      options,
    );
    expect(text.stdout).toMatch(/2 recordings, 2 readable, .*Nothing was imported\./);
    expect(text.stdout).toMatch(/MLII\s+2\s+1\s+mV/);
    expect(text.stdout).toMatch(/atr\s+2\s+N /);
    expect(text.stdout).toMatch(/Excluded\n {2}1 file, .*has no header \(\.hea\): lone\.dat/);
    const { inspection } = JSON.parse(json.stdout) as { inspection: Inspection };
    expect(inspection.leads.map(({ lead }) => lead)).toEqual(["MLII", "V1"]);
    await expectNothingLost();
  });
});

describe("ectopy import", () => {
  it("takes leads by name, patients from a table, and adds recordings to a dataset", async () => {
    const other: CommandOptions = { workspace: join(folder.path, "choices") };
    const path = records("choices of leads", ["s01", "s02"]);
    const table = join(folder.path, "patients.csv");
    writeFileSync(table, "record,patient\ns01,A\ns02,A\n");
    const choices = ["--lead", "V1,V5", "--patients", table];
    const { dataset, report } = await askEctopy<ImportedDataset>(["import", path, ...choices], other);
    expect(dataset.patientsFrom).toBe("table");
    expect(report.records.map(({ leads, patient }) => [leads, patient])).toEqual([
      [["V1"], "A"],
      [["V1"], "A"],
    ]);
    const more = records("more", ["s03"]);
    const added = await askEctopy<ImportedDataset>(["import", more, "--add-to", "1", "--lead", "V1"], other);
    expect(added.report.records.map(({ name }) => name)).toEqual(["s03"]);
    expect(await askEctopy<Listed>(["datasets"], other)).toMatchObject({ datasets: [{ id: 1, records: 3 }] });
  });

  it("refuses a table without two columns, with its line", async () => {
    const table = join(folder.path, "broken.csv");
    writeFileSync(table, "s01,A\ns02\n");
    const path = records("with a broken table", ["s01", "s02"]);
    const refused = await runEctopy(["import", path, "--patients", table], options);
    expectRefusal(refused, 5, /Line 2 of broken\.csv does not have two columns/);
    await expectNothingLost();
  });
});

describe("the patients of a dataset", () => {
  interface Answer {
    patientsFrom: string | null;
    patients: { name: string; patient: string | null }[];
    corrected?: { changed: string[]; unused: string[]; outdated: number[] };
  }
  const patients = (...args: string[]): Promise<Answer> => askEctopy<Answer>(["patients", "1", ...args], options);

  it("are listed, corrected by hand and by a table, and undone", async () => {
    const before = await patients();
    const table = join(folder.path, "patients.csv");
    writeFileSync(table, "record,patient\ns01,A\nother,B\n");
    const corrected = await patients("--table", table, "--set", "s02=A");
    expect(corrected.corrected).toEqual({ changed: ["s01", "s02"], unused: ["other"], outdated: [] });
    expect(corrected).toMatchObject({ patientsFrom: "table", patients: [{ patient: "A" }, { patient: "A" }] });
    expect((await patients("--undo")).patients).toEqual(before.patients);
    const refused = await runEctopy(["patients", "1", "--undo", "--set", "s01=A"], options);
    expectRefusal(refused, 2, /--undo undoes a correction/);
  });
});
