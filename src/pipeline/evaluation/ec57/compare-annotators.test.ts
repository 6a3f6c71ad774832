import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ec57Metrics, Ec57Record, Ec57Summary, RunTable } from "../../../contract/domain/ec57.ts";
import { LEARNING_PERIOD_S, runLengths, UNREADABLE } from "../../../contract/domain/ec57.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { mitdb, NO_MITDB } from "../../../../tests/support/real-data.ts";
import { parseAnnotations } from "../../recordings/wfdb/annotations.ts";
import { compareAnnotators } from "./compare-annotators.ts";
import { metricsOf, referenceTotals, summarise, withoutSupraventricular } from "./metrics.ts";
import { annotation } from "../../../../tests/support/annotation.ts";

/** Printed results of WFDB's programs, and the test annotators that they compared; their source is in its README. */
const golden = join(import.meta.dirname, "../../../../tests/golden/ec57");
const RATE = 360;
const LENGTH = 650_000;

const lines = (file: string): string[] => readFileSync(join(golden, file), "utf8").split("\n");
const annotationsOf = (folder: string, file: string): Annotation[] =>
  parseAnnotations(readFileSync(join(folder, file)), file).annotations;

/** Cells of the lines of a table that begin with a record's name, by record. */
function rows(file: string): Map<string, string[]> {
  const cells = lines(file)
    .filter((line) => /^ \d{3} /.test(line))
    .map((line) => line.trim().split(/\s+/));
  return new Map(cells.map(([record, ...values]) => [record, values]));
}

/** Cells of a line that begins with a word, such as `Gross`. */
function cellsAfter(file: string, word: string): string[] {
  return (lines(file).find((line) => line.startsWith(word)) ?? "").trim().split(/\s+/).slice(1);
}

const printed = (value: number | null, decimals: number): string => value?.toFixed(decimals) ?? "-";

describe.skipIf(mitdb === undefined)(`comparison with WFDB's programs (${NO_MITDB})`, () => {
  const names = [...rows("beat-by-beat-sveb.txt").keys()];
  const compare = (from: number): Ec57Summary =>
    summarise(
      names.map((record) =>
        compareAnnotators({
          record,
          rate: RATE,
          length: LENGTH,
          reference: annotationsOf(mitdb ?? "", `${record}.atr`),
          test: annotationsOf(golden, `${record}.tsta`),
          from,
          convention: "ec57",
        }),
      ),
    );
  const standard = mitdb === undefined ? null : compare(LEARNING_PERIOD_S);
  const whole = mitdb === undefined ? null : compare(0);
  const each = (summary: Ec57Summary | null, check: (record: Ec57Record) => void): void => {
    expect(summary?.records).toHaveLength(12);
    summary?.records.forEach(check);
  };

  it("prints the matrix and the metrics of `bxb -S`", () => {
    const table = lines("standard-sveb.txt");
    each(standard, ({ record, counts: { matrix }, rrErrorMs, ...metrics }) => {
      const start = table.findIndex((line) => line.endsWith(`for record ${record}`));
      const block = table.slice(start, start + 23);
      for (const [row, label] of [..."NSVFQOX"].entries()) {
        const counts = block
          .find((line) => line.startsWith(` ${label} |`))
          ?.slice(4)
          .trim()
          .split(/\s+/);
        expect(counts).toEqual(matrix[row].slice(0, counts?.length).map(String));
      }
      const value = (name: string): string | undefined =>
        block
          .find((line) => line.trim().startsWith(name))
          ?.split(":")[1]
          .trim()
          .split(/[ %]/)[0];
      expect(value("QRS sensitivity")).toBe(printed(metrics.qrsSensitivity, 2));
      expect(value("QRS positive")).toBe(printed(metrics.qrsPpv, 2));
      expect(value("VEB sensitivity")).toBe(printed(metrics.vebSensitivity, 2));
      expect(value("VEB positive")).toBe(printed(metrics.vebPpv, 2));
      expect(value("SVEB sensitivity")).toBe(printed(metrics.svebSensitivity, 2));
      expect(value("SVEB positive")).toBe(printed(metrics.svebPpv, 2));
      expect(value("RMS RR")).toBe(printed(rrErrorMs, 2));
    });
  });

  const withSveb = (metrics: Ec57Metrics): string[] =>
    [
      metrics.qrsSensitivity,
      metrics.qrsPpv,
      metrics.vebSensitivity,
      metrics.vebPpv,
      metrics.svebSensitivity,
      metrics.svebPpv,
    ].map((value) => printed(value, 2));

  it.each([
    ["beat-by-beat-sveb.txt", LEARNING_PERIOD_S],
    ["beat-by-beat-sveb-from-0.txt", 0],
  ])("prints the lines of `bxb -L` and their aggregates: %s", (file, from) => {
    const summary = from === 0 ? whole : standard;
    const table = rows(file);
    each(summary, (record) => {
      const { matrix } = record.counts;
      expect(table.get(record.record)).toEqual([
        ...lineCounts(matrix).map(String),
        ...withSveb(record),
        printed(record.rrErrorMs, 2),
      ]);
    });
    expect(cellsAfter(file, "Sum")).toEqual(lineCounts(summary?.gross.counts.matrix ?? []).map(String));
    expect(cellsAfter(file, "Gross")).toEqual(summary && withSveb(summary.gross));
    expect(cellsAfter(file, "Average")).toEqual(
      summary && [...withSveb(summary.average), printed(summary.average.rrErrorMs, 2)],
    );
    const { qrs, veb, sveb } = referenceTotals(summary?.gross.counts.matrix ?? []);
    expect(lines(file)).toContain(`Total QRS complexes: ${qrs}  Total VEBs: ${veb}  Total SVEBs: ${sveb}`);
  });

  it("prints the lines of `bxb -l`, which counts supraventricular beats as N", () => {
    const file = "beat-by-beat.txt";
    const table = rows(file);
    const withRate = (metrics: Ec57Metrics): string[] => [
      ...withSveb(metrics).slice(0, 4),
      printed(metrics.vebFalsePositiveRate, 3),
    ];
    const records = (standard?.records ?? []).map((record): Ec57Record => {
      const matrix = withoutSupraventricular(record.counts.matrix);
      return { ...record, ...metricsOf(matrix), counts: { ...record.counts, matrix } };
    });
    for (const { record, counts, ...metrics } of records) {
      expect(table.get(record)).toEqual([...ventricularLineCounts(counts.matrix).map(String), ...withRate(metrics)]);
    }
    const { gross, average } = summarise(records);
    expect(cellsAfter(file, "Gross")).toEqual(withRate(gross));
    expect(cellsAfter(file, "Average")).toEqual(withRate(average));
  });

  it("prints the table of shutdowns of `bxb -L`", () => {
    const table = rows("shutdown.txt");
    each(standard, ({ record, counts: { matrix }, shutdownSeconds }) => {
      const totals = matrix.slice(0, 5).map((row) => row.reduce((sum, count) => sum + count, 0));
      const missed = matrix.slice(0, 5).map((row) => row[UNREADABLE]);
      const all = totals.reduce((sum, count) => sum + count, 0);
      const missedShare = (part: number, total: number): string =>
        total === 0 ? "-" : ((100 * part) / total).toFixed(2);
      expect(table.get(record)).toEqual([
        ...missed.map(String),
        missedShare(
          missed.reduce((sum, count) => sum + count, 0),
          all,
        ),
        ...[0, 1, 2, 3].map((label) => missedShare(missed[label], totals[label])),
        String(shutdownSeconds),
        "seconds",
        ...totals.map(String),
      ]);
    });
  });

  it.each([
    ["runs-veb.txt", "ventricular"],
    ["runs-sveb.txt", "supraventricular"],
  ] as const)("prints the lines of `rxr -L` and their aggregates: %s", (file, kind) => {
    const table = rows(file);
    const cells = (runs: RunTable): string[] =>
      runLengths.flatMap((length) => {
        const { detected, missed, confirmed, unconfirmed } = runs[length];
        return [detected, missed, confirmed, unconfirmed].map(String);
      });
    const metrics = (source: Pick<Ec57Record, "ventricularRunMetrics" | "supraventricularRunMetrics">): string[] =>
      runLengths.flatMap((length) => {
        const { sensitivity, ppv } = source[`${kind}RunMetrics`][length];
        return [printed(sensitivity, 0), printed(ppv, 0)];
      });
    each(standard, (record) =>
      expect(table.get(record.record)).toEqual([...cells(record.counts[`${kind}Runs`]), ...metrics(record)]),
    );
    expect(cellsAfter(file, "Sum")).toEqual(standard && cells(standard.gross.counts[`${kind}Runs`]));
    expect(cellsAfter(file, "Gross")).toEqual(standard && metrics(standard.gross));
    expect(cellsAfter(file, "Average")).toEqual(standard && metrics(standard.average));
  });
});

/** Counts of a line of `bxb -L`, in its order; O includes beats in unreadable signal. */
function lineCounts(matrix: number[][]): number[] {
  const sum = (rowLabels: string, columnLabels: string): number =>
    [...rowLabels].reduce(
      (total, row) =>
        total +
        [...columnLabels].reduce(
          (inRow, column) => inRow + matrix["NSVFQOX".indexOf(row)]["nsvfqox".indexOf(column)],
          0,
        ),
      0,
    );
  const rowGroups = ["N", "S", "V", "FQ", "OX"];
  return [
    ...rowGroups.map((row) => sum(row, "nfq")),
    ...rowGroups.map((row) => sum(row, "s")),
    ...rowGroups.map((row) => sum(row, "v")),
    ...rowGroups.slice(0, 4).map((row) => sum(row, "ox")),
  ];
}

/** Counts of a line of `bxb -l`: those of `-L` without S. */
function ventricularLineCounts(matrix: number[][]): number[] {
  return lineCounts(matrix).filter((_, i) => ![1, 5, 6, 7, 8, 9, 11, 16].includes(i));
}

/** Annotators with strictly increasing times. */
const annotator = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom(..."NAVFQe|".split(""))), { maxLength: 60 })
  .map((steps) => {
    let sample = 0;
    return steps.map(([step, symbol]) => annotation((sample += step), symbol));
  });

const compareRandom = (reference: Annotation[], test: Annotation[]): Ec57Record =>
  compareAnnotators({ record: "r", rate: RATE, length: 40_000, reference, test, from: 0, convention: "ec57" });

describe("compareAnnotators", () => {
  it("agrees with itself completely", () => {
    fc.assert(
      fc.property(annotator, (beats) => {
        const { counts, agreement, rrErrorMs, ...metrics } = compareRandom(beats, beats);
        for (const value of [metrics.qrsSensitivity, metrics.qrsPpv, metrics.vebSensitivity, metrics.svebPpv]) {
          expect([100, null]).toContain(value);
        }
        expect([0, null]).toContain(rrErrorMs);
        expect([1, null]).toContain(agreement.kappa);
        expect(agreement.equal).toBe(agreement.beats);
        for (const runs of [counts.ventricularRuns, counts.supraventricularRuns]) {
          for (const length of runLengths) {
            expect(runs[length].missed + runs[length].unconfirmed).toBe(0);
          }
        }
      }),
      { seed: 1 },
    );
  });

  it("counts each beat of both annotators once", () => {
    fc.assert(
      fc.property(annotator, annotator, (reference, test) => {
        const { matrix } = compareRandom(reference, test).counts;
        const isBeat = ({ symbol }: Annotation): boolean => symbol !== "|";
        const rowSum = matrix
          .slice(0, 5)
          .flat()
          .reduce((sum, count) => sum + count, 0);
        const columnSum = matrix.flatMap((row) => row.slice(0, 5)).reduce((sum, count) => sum + count, 0);
        expect(rowSum).toBe(reference.filter(isBeat).length);
        expect(columnSum).toBe(test.filter(isBeat).length);
      }),
      { seed: 2 },
    );
  });

  it("has the same counts with exchanged roles, transposed", () => {
    // Beats far apart: ties between two candidates are decided by the order of time, which exchanges.
    const apart = fc
      .array(fc.tuple(fc.constantFrom(..."NAVFQ".split("")), fc.integer({ min: -50, max: 50 }), fc.boolean()), {
        maxLength: 50,
      })
      .map((beats) =>
        beats.map(([symbol, shift, present], i) => ({ a: annotation(400 * i + 200, symbol), shift, present })),
      );
    fc.assert(
      fc.property(apart, fc.constantFrom(..."NAVFQ".split("")), (beats, other) => {
        const reference = beats.map(({ a }) => a);
        const test = beats
          .filter(({ present }) => present)
          .map(({ a, shift }) => annotation(a.sample + shift, shift % 3 === 0 ? other : a.symbol));
        const [forth, back] = [compareRandom(reference, test), compareRandom(test, reference)];
        expect(back.counts.matrix).toEqual(
          forth.counts.matrix.map((row, i) => row.map((_, j) => forth.counts.matrix[j][i])),
        );
        expect(back.qrsPpv).toBe(forth.qrsSensitivity);
        expect(back.rrErrorMs).toBe(forth.rrErrorMs);
        expect(back.agreement).toEqual(forth.agreement);
        for (const length of runLengths) {
          const [one, two] = [forth.counts.ventricularRuns[length], back.counts.ventricularRuns[length]];
          expect([two.detected, two.missed]).toEqual([one.confirmed, one.unconfirmed]);
        }
      }),
      { seed: 3 },
    );
  });

  it("matches within 150 ms, and the nearer of two candidates", () => {
    const { matrix } = compareRandom(
      [annotation(1000, "N"), annotation(2000, "N"), annotation(3000, "N")],
      [annotation(1054, "N"), annotation(1945, "V"), annotation(2990, "A"), annotation(3005, "N")],
    ).counts;
    // 1054 is 150 ms away, 1945 is further; of 2990 and 3005, the second is nearer.
    expect(matrix[0]).toEqual([2, 0, 0, 0, 0, 1, 0]);
    expect(matrix[5]).toEqual([0, 1, 1, 0, 0, 0, 0]);
  });

  it("leaves out beats in the reference's flutter, and keeps its missed beats outside", () => {
    const reference = [annotation(500, "N"), annotation(1000, "["), annotation(5000, "]"), annotation(6000, "N")];
    const { matrix } = compareRandom(reference, [annotation(500, "N"), annotation(2000, "V")]).counts;
    expect(matrix.flat().reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(matrix[0][5]).toBe(1);
  });

  it("counts beats missed in a shutdown apart, and measures its time", () => {
    const shutdown = { ...annotation(900, "~"), subtype: -1 };
    const reference = [annotation(500, "N"), annotation(1000, "V"), annotation(3000, "N")];
    const test = [annotation(500, "N"), shutdown, annotation(2700, "~"), annotation(3000, "N")];
    const { counts, shutdownSeconds, qrsSensitivity } = compareRandom(reference, test);
    expect(counts.matrix[2][UNREADABLE]).toBe(1);
    expect(shutdownSeconds).toBe(5);
    expect(qrsSensitivity).toBe(66.67);
  });

  it("takes a single shutdown annotation between beats as an interval, as the AHA database marks it", () => {
    const shutdown = { ...annotation(2000, "~"), subtype: -1 };
    const reference = [annotation(1000, "N"), annotation(2500, "N"), annotation(4000, "N")];
    const test = [annotation(1000, "N"), shutdown, annotation(4000, "N")];
    const { counts, shutdownSeconds } = compareRandom(reference, test);
    expect(counts.matrix[0][UNREADABLE]).toBe(1);
    expect(shutdownSeconds).toBeCloseTo((4000 - 54 - (1000 + 54)) / RATE, 9);
  });

  it("counts escape beats as S by EC57's program and as N by AAMI's classes", () => {
    const beats = [annotation(1000, "e"), annotation(2000, "j"), annotation(3000, "n")];
    const label = (convention: "ec57" | "aami"): number[] =>
      compareAnnotators({ record: "r", rate: RATE, length: null, reference: beats, test: beats, from: 0, convention })
        .counts.matrix.map((row, i) => row[i])
        .slice(0, 2);
    expect(label("ec57")).toEqual([0, 3]);
    expect(label("aami")).toEqual([3, 0]);
  });

  it("computes Cohen's kappa of the labels", () => {
    // Cohen (1960): 20 + 15 of 50 agree, and 25 would by chance: kappa = (35 − 25) / (50 − 25) = 0.4.
    const pairs = [..."N".repeat(25), ..."V".repeat(25)].map((symbol, i): [string, string] => [
      symbol,
      symbol === "N" ? (i < 20 ? "N" : "V") : i < 35 ? "N" : "V",
    ]);
    const { agreement } = compareRandom(
      pairs.map(([symbol], i) => annotation(500 * i + 100, symbol)),
      pairs.map(([, symbol], i) => annotation(500 * i + 100, symbol)),
    );
    expect(agreement.beats).toBe(50);
    expect(agreement.equal).toBe(35);
    expect(agreement.kappa).toBeCloseTo(0.4, 12);
  });

  it("marks a paced recording", () => {
    expect(compareRandom([annotation(1000, "/")], []).paced).toBe(true);
    expect(compareRandom([annotation(1000, "N")], []).paced).toBe(false);
  });
});
