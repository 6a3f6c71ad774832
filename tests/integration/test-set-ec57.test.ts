/** Predictions of a run on whole test recordings, compared with their annotations by EC57. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Ec57Metrics } from "../../src/contract/domain/ec57.ts";
import type { ExportReport, ModelCard } from "../../src/contract/domain/exports.ts";
import { writeAnnotations } from "../../src/pipeline/recordings/wfdb/annotations.ts";
import { annotation } from "../support/annotation.ts";
import { askEctopy, runEctopy, temporaryFolder, type CommandOptions } from "../support/command-line.ts";
import { makeWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

const { path, remove } = temporaryFolder();
const options: CommandOptions = { workspace: join(path, "workspace") };
beforeAll(() =>
  makeWorkspace(options.workspace, [
    SAMPLE,
    ["prepare", "1", "--protocol", "cross-validation", "--fold", "1/3", "--class-map", "aami"],
    ["train", "1", "--model", "ann", "--epochs", "2", "--steps-per-epoch", "20"],
    ["prepare", "1"],
    ["train", "2", "--model", "ann", "--epochs", "1", "--steps-per-epoch", "5"],
  ]),
);
afterAll(remove);

interface Ec57Document {
  records: (Ec57Metrics & { record: string; counts: { beats: Record<string, number> } })[];
  gross: Ec57Metrics & { counts: { beats: Record<string, number> } };
}
type Shown = { ec57: (Ec57Document & { from: number; convention: string }) | null };

/** Rows of a table without quotes. */
function rowsOf(file: string): Record<string, string>[] {
  const [head, ...rows] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  return rows.map((row) => Object.fromEntries(row.split(",").map((value, i) => [names[i], value])));
}

it("equals the comparison of its predictions as another program's annotation files", async () => {
  const { ec57 } = await askEctopy<Shown>(["show", "1", "--ec57"], options);
  const { place } = await askEctopy<ExportReport>(["export", "csv", "1", "--to", path], options);
  const files = join(path, "predictions");
  mkdirSync(files);
  const beats = Map.groupBy(rowsOf(join(place, "predictions.csv")), ({ record }) => record);
  for (const [record, rows] of beats) {
    const predicted = rows.map(({ sample, predicted_class: label }) => annotation(Number(sample), label));
    writeFileSync(join(files, `${record}.run1`), writeAnnotations(predicted.sort((a, b) => a.sample - b.sample)));
  }
  const expected = await askEctopy<Ec57Document>(
    ["ec57", "1", "atr", "run1", "--test-folder", files, "--convention", "aami", "--from", String(ec57!.from)],
    options,
  );
  expect(ec57!.convention).toBe("aami");
  expect(ec57!.records.length).toBeGreaterThan(1);
  expect(ec57!.records).toEqual(expected.records);
  expect(ec57!.gross).toEqual(expected.gross);
  expect(ec57!.gross.qrsPpv).toBe(100);
  expect(ec57!.gross.vebSensitivity).toBeGreaterThan(0);

  const table = rowsOf(join(place, "ec57.csv"));
  expect(table.map(({ record }) => record)).toEqual([
    "gross",
    "average",
    ...expected.records.map((each) => each.record),
  ]);
  expect(Number(table[0]["veb_sensitivity"])).toBe(expected.gross.vebSensitivity);
});

it("is in the report and in the model card", async () => {
  const { ec57 } = await askEctopy<Shown>(["show", "1", "--ec57"], options);
  const report = await askEctopy<ExportReport>(["export", "report", "1", "--to", path], options);
  const html = readFileSync(join(report.place, "report.html"), "utf8");
  expect(html).toContain("Results by EC57");
  expect(html).toContain("VEB sensitivity");
  expect(html).toContain(`${ec57!.gross.vebSensitivity!.toFixed(2)} %`);
  const [model] = await askEctopy<ExportReport[]>(["export", "onnx", "1", "--to", path], options);
  const card = JSON.parse(readFileSync(join(model.place, "model-card.json"), "utf8")) as ModelCard;
  expect(card.ec57).toMatchObject({
    recordings: ec57!.records.length,
    vebSensitivity: ec57!.gross.vebSensitivity,
    svebPpv: ec57!.gross.svebPpv,
  });
});

it("says why a run with some beats of each recording has none", async () => {
  const { stdout } = await runEctopy(["show", "2", "--ec57"], options);
  expect(stdout).toContain("No results by EC57. EC57 compares whole recordings");
  expect(await askEctopy<Shown>(["show", "2", "--ec57"], options)).toMatchObject({ ec57: null });
});
