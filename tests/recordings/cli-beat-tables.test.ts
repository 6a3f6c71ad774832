/** Tables whose rows are beats, from the import to the report, over the command line. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImportedDataset } from "../../src/contract/domain/datasets.ts";
import type { Inspection } from "../../src/contract/domain/inspection.ts";
import type { Preparation } from "../../src/contract/domain/preparation.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import {
  askEctopy,
  expectRefusal,
  runEctopy,
  runTogether,
  temporaryFolder,
  type CommandOptions,
} from "../support/command-line.ts";
import { writeSampleRecords } from "../support/sample-records.ts";
import { writeBeatTable } from "../support/beat-csv.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
const kaggle = join(folder.path, "kaggle");
afterAll(folder.remove);

beforeAll(() => {
  mkdirSync(kaggle);
  writeBeatTable(join(kaggle, "mitbih_train.csv"), { 0: 60, 1: 20, 2: 30 });
  writeBeatTable(join(kaggle, "mitbih_test.csv"), { 0: 20, 1: 8, 2: 10 });
  writeBeatTable(join(kaggle, "ptbdb_normal.csv"), { 0: 5 });
});

describe("tables of beats", () => {
  it("finds the tables, their sets, classes and rate before an import", async () => {
    const { inspection } = await askEctopy<{ inspection: Omit<Inspection, "id"> }>(
      ["import", kaggle, "--dry-run"],
      options,
    );
    expect(inspection).toMatchObject({
      contents: "beats",
      tables: { mitbih_train: "train", mitbih_test: "test" },
      patientsFrom: null,
      rates: { 125: 3 },
    });
    expect(inspection.records.find(({ name }) => name === "mitbih_train")).toMatchObject({
      usable: true,
      beats: { N: 60, S: 20, V: 30 },
      details: { table: { samples: 187, classes: ["N", "S", "V"], classTexts: ["0", "1", "2"] } },
    });
  });

  it("imports, prepares with the given test set, trains, exports and reports", async () => {
    const { dataset, report } = await askEctopy<{
      dataset: ImportedDataset["dataset"];
      report: ImportedDataset["report"];
    }>(["import", kaggle], options);
    expect(report.records.map(({ name }) => name)).toEqual(["mitbih_test", "mitbih_train"]);
    expect(report).toMatchObject({ seconds: 0, beats: { N: 80, S: 28, V: 40 } });
    const id = String(dataset.id);

    const { preparation } = await askEctopy<{ preparation: Preparation }>(
      ["prepare", id, "--normalisation", "z-score"],
      options,
    );
    expect(preparation.settings).toMatchObject({
      protocol: "given-test-set",
      testTables: ["mitbih_test"],
      rowSamples: 187,
      rate: 125,
      classMap: "given",
    });
    expect(preparation.summary).toMatchObject({
      labels: ["N", "S", "V"],
      patientsKnown: false,
      counts: [
        { found: 80, test: 20, syntheticTest: 0 },
        { found: 28, test: 8, syntheticTest: 0 },
        { found: 40, test: 10, syntheticTest: 0 },
      ],
    });
    expect(preparation.summary.counts.map(({ train }) => train)).toEqual([45, 45, 45]);
    expect(preparation.summary.caveats[0]).toContain("whether the given test set has beats of training patients");

    const { run } = await askEctopy<RunDetails>(
      ["train", String(preparation.id), "--model", "ann", "--epochs", "2"],
      options,
    );
    expect(run.result?.test.confusion.flat().reduce((a, b) => a + b, 0)).toBe(38);
    const shown = await runEctopy(["show", String(run.id), "--by-patient"], options);
    expect(shown.stdout).toContain("The test beats are rows of a table");

    const exported = join(folder.path, "exported");
    for (const kind of ["keras", "report", "csv"]) {
      expect((await runEctopy(["export", kind, String(run.id), "--to", exported], options)).status).toBe(0);
    }
    const card: unknown = JSON.parse(
      readFileSync(join(exported, `ectopy-run-${run.id}-keras`, "model-card.json"), "utf8"),
    );
    expect(card).toHaveProperty("input", {
      shape: [187],
      rows: true,
      rate: 125,
      before: 0,
      after: 187,
      leads: [],
      units: "unknown",
    });
    const html = readFileSync(join(exported, `ectopy-run-${run.id}-report`, "report.html"), "utf8");
    expect(html).toContain("unknown: the tables name no patients");
  }, 120_000);

  it("gives classes other names, and splits at random where there is no test set", async () => {
    const chosen = ["--train-tables", "mitbih_train", "--class-names", "0=normal,1=other,2=ectopic", "--rate", "0"];
    const { dataset, report } = await askEctopy<{
      dataset: ImportedDataset["dataset"];
      report: ImportedDataset["report"];
    }>(["import", kaggle, "--name", "renamed", ...chosen], options);
    expect(report).toMatchObject({ usableRecords: 1, beats: { normal: 60, other: 20, ectopic: 30 } });
    const { preparation } = await askEctopy<{ preparation: Preparation }>(["prepare", String(dataset.id)], options);
    expect(preparation.settings).toMatchObject({ protocol: "intra-patient", rowSamples: 187 });
    expect(preparation.settings.rate).toBeUndefined();
    expect(preparation.summary.labels).toEqual(["normal", "other", "ectopic"]);
    expect(preparation.summary.caveats.join("\n")).toContain("beats of one patient are in training and test set");
    expect(preparation.summary.caveats.join("\n")).toContain("The sampling rate is unknown");
  });

  it("refuses what a table does not have, each by its name", async () => {
    const [lead, preset, testRecords, patients, names, folds, peaks] = await runTogether(
      [
        ["prepare", "1", "--lead", "MLII"],
        ["prepare", "1", "--preset", "rhythm-and-shape"],
        ["prepare", "1", "--test-records", "mitbih_test"],
        ["prepare", "1", "--protocol", "inter-patient"],
        ["import", kaggle, "--class-names", "0=N,1=N"],
        ["search", "1", "--folds", "3", "--model", "ann"],
        ["detect", "1"],
      ],
      options,
    );
    expectRefusal(lead, 2, /--lead is for recordings/);
    expectRefusal(preset, 2, /--preset is for recordings/);
    expectRefusal(testRecords, 2, /--test-records is for recordings/);
    expectRefusal(patients, 5, /the patients of a table of beats are unknown/);
    expectRefusal(names, 5, /Two classes have the name N\./);
    expectRefusal(folds, 5, /there are no folds by patient/);
    expectRefusal(peaks, 4, /R-peaks are detected in recordings/);
  });

  it("leaves a table out beside recordings, and says so", async () => {
    const mixed = join(folder.path, "mixed");
    writeSampleRecords(mixed, ["s01"]);
    writeBeatTable(join(mixed, "beats.csv"), { 0: 5, 1: 5 });
    const { inspection } = await askEctopy<{ inspection: Omit<Inspection, "id"> }>(
      ["import", mixed, "--dry-run"],
      options,
    );
    expect(inspection.contents).toBe("recordings");
    expect(inspection.leftOut).toContainEqual({ place: "", file: "beats.csv", reason: "beat-table" });
  });

  it("names the line of a table that has no beat, and imports the others", async () => {
    const path = join(folder.path, "letters.csv");
    const row = (last: string): string => [...Array.from({ length: 60 }, (_, i) => (i % 7) / 7), last].join(",");
    const names = [...Array.from({ length: 60 }, (_, i) => `x${i}`), "label"].join(",");
    writeFileSync(path, [names, row("N"), row("V"), row("N"), "1,2,3", row("V")].join("\n"));
    const { report } = await askEctopy<{ report: ImportedDataset["report"] }>(["import", path], options);
    expect(report.beats).toEqual({ N: 2, V: 2 });
    expect(report.records[0].findings.map(({ message }) => message)).toContain(
      "letters.csv: 1 rows are no beats, the first in line 5; they were excluded.",
    );
  });

  it("calls a file that is only not readable by itself not damaged", async () => {
    const path = join(folder.path, "signals.csv");
    writeFileSync(path, `II\n${"1\n2\n4\n".repeat(20)}`);
    const { stdout } = await runEctopy(["import", path, "--dry-run"], options);
    expect(stdout).toMatch(/not usable {2}signals: The sampling rate of signals\.csv is not in the file/);
    expect(stdout).not.toContain("damaged");
  });
});
