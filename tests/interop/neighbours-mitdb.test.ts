/** Compares SMOTE's neighbours with scikit-learn's on the real classes: the same sets for every beat. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defaultPreparation } from "../../src/contract/settings/defaults.ts";
import { planNeighbours } from "../../src/pipeline/beats/neighbour-plan.ts";
import { findNeighbours } from "../../src/pipeline/beats/neighbours.ts";
import { prepareBeats } from "../../src/main/workers/prepare-beats.ts";
import { findRecordings } from "../../src/main/workers/find-recordings.ts";
import { askPython, python } from "../support/python.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";

const K = 5;
const LENGTH = 360;
const SCRIPT = `
import json, sys
import numpy as np
from sklearn.neighbors import NearestNeighbors
question = json.load(sys.stdin)
answers = {}
for label, path in question["files"].items():
    x = np.fromfile(path, "<f4").reshape(-1, question["length"])
    found = NearestNeighbors(n_neighbors=question["k"]).fit(x).kneighbors(return_distance=False)
    answers[label] = np.sort(found, axis=1).ravel().tolist()
json.dump(answers, sys.stdout)
`;

it("finds scikit-learn's neighbours for every beat of every class but N", async (ctx) => {
  if (mitdb === undefined) return ctx.skip(NO_MITDB);
  if (python === undefined) return ctx.skip("no Python with scikit-learn: ECTOPY_PYTHON is not set");
  const { recordings } = findRecordings(mitdb);
  const { table, values } = await prepareBeats({
    folder: mitdb,
    records: recordings.map(({ name }) => ({ name, patient: null, knownAs: `mitdb/${name}`, leads: [], rate: 360 })),
    // The preparation does not search neighbours: this test does.
    settings: { ...defaultPreparation("reference"), balancing: "none" },
    progress: () => {},
    signal: new AbortController().signal,
  });
  const classes = table.labels.filter((label) => label !== "N");
  const members = (label: string): Uint32Array =>
    Uint32Array.from(table.classes.keys()).filter((row) => table.labels[table.classes[row]] === label);

  const folder = mkdtempSync(join(tmpdir(), "ectopy-neighbours-"));
  try {
    const files: Record<string, string> = {};
    for (const label of classes) {
      // Some systems ignore the case of file names, but `a` and `A` are different classes.
      const path = join(folder, `class-${label.codePointAt(0)}.f32`);
      const rows = members(label);
      const own = new Float32Array(rows.length * LENGTH);
      rows.forEach((row, i) => own.set(values.subarray(row * LENGTH, (row + 1) * LENGTH), i * LENGTH));
      writeFileSync(path, own);
      files[label] = path;
    }
    const theirs = await askPython<Record<string, number[]>>(SCRIPT, { files, length: LENGTH, k: K });
    for (const label of classes) {
      const rows = members(label);
      const found = findNeighbours(planNeighbours(values, LENGTH, rows), 0, rows.length, K);
      const sorted = Array.from({ length: rows.length }, (_, i) =>
        [...found.subarray(i * K, (i + 1) * K)].sort((a, b) => a - b),
      );
      expect(sorted.flat(), `class ${label}`).toEqual(theirs[label]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
