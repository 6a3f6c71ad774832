/** Compares Ectopy's reader of MAT files with SciPy, which writes them. ECTOPY_PYTHON names the Python. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { openMat } from "../../src/pipeline/recordings/challenge-mat/source.ts";
import { askPython, python } from "../support/python.ts";
import { samplesOf } from "../support/sources.ts";

const WRITE = `
import json, sys
import numpy as np
from scipy.io import savemat
q = json.load(sys.stdin)
val = np.random.default_rng(1).integers(-30000, 30000, (12, 500)).astype(q["kind"])
content = {"ECG": {"sex": "Male", "age": 53, "data": val}} if q["struct"] else {"val": val, "fs": 500}
savemat(q["path"], content, format=q["format"], do_compression=q["compressed"])
print(json.dumps(val.tolist()))
`;

describe("MAT files of SciPy", () => {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-mat-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.for([
    { format: "4", kind: "int16", compressed: false, struct: false },
    { format: "5", kind: "int16", compressed: false, struct: false },
    { format: "5", kind: "int32", compressed: true, struct: false },
    { format: "5", kind: "float64", compressed: true, struct: true },
  ])("are read the same: %j", async (question, ctx) => {
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with SciPy");
    const path = join(folder, "a.mat");
    const theirs = await askPython<number[][]>(WRITE, { path, ...question });
    const source = openMat({
      file: "a.mat",
      bytes: readFileSync(path),
      header: null,
      inflate: (bytes, maxOutputLength) => inflateSync(bytes, { maxOutputLength }),
      rate: 500,
    });
    expect(source.rate).toBe(500);
    expect(samplesOf(source).map((samples) => Array.from(samples))).toEqual(theirs);
  });
});
