/** Compares Ectopy's tables of text with pandas and NumPy, which write and read them. ECTOPY_PYTHON names the Python. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readBeatRows } from "../../src/pipeline/recordings/delimited/beat-rows.ts";
import { openDelimited } from "../../src/pipeline/recordings/delimited/source.ts";
import { writeAnnotationsCsv, writeSignalsCsv } from "../../src/pipeline/recordings/delimited/write-csv.ts";
import { MISSING_VALUE } from "../../src/pipeline/recordings/source.ts";
import { askPython, python } from "../support/python.ts";
import { annotation, makeSource, samplesOf } from "../support/sources.ts";

const NO_PYTHON = "ECTOPY_PYTHON names no Python with pandas";

const READ = `
import json, sys
import pandas as pd
q = json.load(sys.stdin)
s = pd.read_csv(q["signals"], float_precision="round_trip")
a = pd.read_csv(q["annotations"], keep_default_na=False)
print(json.dumps({"names": list(s.columns), "values": s.astype(object).where(s.notna(), None).values.tolist(), "annotations": a.values.tolist()}))
`;

const WRITE = `
import json, sys
import numpy as np, pandas as pd
q = json.load(sys.stdin)
rng = np.random.default_rng(1)
values = np.round(rng.normal(size=(400, 2)), 4)
values[7, 1] = np.nan
frame = pd.DataFrame({"time": np.arange(400) / 250, "MLII (mV)": values[:, 0], "V5 (mV)": values[:, 1]})
frame.to_csv(q["comma"], index=False)
frame.to_csv(q["semicolon"], index=False, sep=";", decimal=",")
beats = np.hstack([rng.random((300, 187)), rng.integers(0, 5, (300, 1))])
np.savetxt(q["beats"], beats, delimiter=",")
print(json.dumps({"values": np.where(np.isnan(values), None, values).tolist(), "beats": beats.astype(np.float32).tolist()}))
`;

describe("tables of text", () => {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-csv-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are read by pandas as Ectopy wrote them", async (ctx) => {
    if (python === undefined) return ctx.skip(NO_PYTHON);
    const samples = Int32Array.from({ length: 500 }, (_, i) => (i === 9 ? MISSING_VALUE : (i * 37) % 1000));
    const annotations = [
      annotation(3, "N"),
      annotation(70, '"', { aux: 'a "note", here' }),
      annotation(90, "+", { aux: "(AFIB" }),
    ];
    const made = makeSource({ signals: [{ samples, gain: 200, baseline: 7 }], annotations });
    const paths = { signals: join(folder, "s.csv"), annotations: join(folder, "a.csv") };
    writeFileSync(paths.signals, [...writeSignalsCsv(made)].join(""));
    writeFileSync(paths.annotations, [...writeAnnotationsCsv(annotations, 360)].join(""));
    interface Read {
      names: string[];
      values: (number | null)[][];
      annotations: (string | number)[][];
    }
    const theirs = await askPython<Read>(READ, paths);
    expect(theirs.names).toEqual(["time (s)", "MLII (mV)"]);
    const physical = Array.from(samples, (sample) => (sample === MISSING_VALUE ? null : (sample - 7) / 200));
    expect(theirs.values.map(([, value]) => value)).toEqual(physical);
    expect(theirs.annotations.map(([, sample, symbol, , , , aux]) => [sample, symbol, aux])).toEqual(
      annotations.map(({ sample, symbol, aux }) => [sample, symbol, aux]),
    );
  });

  it("are read by Ectopy as pandas and NumPy wrote them", async (ctx) => {
    if (python === undefined) return ctx.skip(NO_PYTHON);
    const paths = Object.fromEntries(
      ["comma", "semicolon", "beats"].map((name) => [name, join(folder, `${name}.csv`)]),
    );
    interface Written {
      values: (number | null)[][];
      beats: number[][];
    }
    const theirs = await askPython<Written>(WRITE, paths);
    for (const name of ["comma", "semicolon"]) {
      const source = openDelimited({ file: `${name}.csv`, bytes: readFileSync(paths[name]), annotations: new Map() });
      expect(source).toMatchObject({ rate: 250, findings: [] });
      expect(source.signals.map(({ lead, units }) => [lead, units])).toEqual([
        ["MLII", "mV"],
        ["V5", "mV"],
      ]);
      for (const [i, samples] of samplesOf(source).entries()) {
        const values = Array.from(samples, (sample) =>
          sample === MISSING_VALUE ? null : sample / source.signals[i].gain,
        );
        expect(values).toEqual(theirs.values.map((row) => row[i]));
      }
    }
    const read = readBeatRows(readFileSync(paths.beats), "mitbih_test.csv");
    expect(read).toMatchObject({ beats: 300, samples: 187, rate: 125, classNames: ["N", "S", "V", "F", "Q"] });
    expect(Array.from(read.values)).toEqual(theirs.beats.flatMap((row) => row.slice(0, 187)));
    expect(Array.from(read.classes)).toEqual(theirs.beats.map((row) => row[187]));
  });
});
