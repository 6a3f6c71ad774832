/** Compares Ectopy's ISHNE reader with ishneholterlib. ECTOPY_PYTHON names the Python. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openIshne } from "../../src/pipeline/recordings/ishne/source.ts";
import { int16Bytes, ishneBeats, makeIshne } from "../support/ishne-files.ts";
import { askPython, python } from "../support/python.ts";
import { samplesOf } from "../support/sources.ts";

/** The library is of 2020: its check of a file needs a method that NumPy 2.3 removed; the checksum is computed here. */
const SCRIPT = `
import json, sys, warnings
warnings.simplefilter("ignore")
from ishneholterlib import Holter
question = json.load(sys.stdin)
Holter.is_valid = lambda self, verify_checksum=True: True
x = Holter(question["signals"])
with open(question["signals"], "rb") as f: block = f.read()[10:x.ecg_block_offset]
crc = int(x.compute_checksum(block))
x.load_data()
x.load_ann(question["annotations"])
print(json.dumps({
    "rate": x.sr, "leads": [str(l) for l in x.lead], "physical": [l.data.tolist() for l in x.lead],
    "startsAt": f"{x.record_date}T{x.start_time}", "checksum": int(x.checksum) == crc,
    "beats": [[b["ann"], int(b["samp_num"])] for b in x.beat_anns],
}))
`;

interface Read {
  rate: number;
  leads: string[];
  physical: number[][];
  startsAt: string;
  checksum: boolean;
  beats: [string, number][];
}

const folder = mkdtempSync(join(tmpdir(), "ectopy-ishne-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("ishneholterlib reads the same samples, leads, start, checksum and beats", async (ctx) => {
  if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with ishneholterlib");
  const data = Array.from({ length: 3000 }, (_, i) => Math.round(9000 * Math.sin(i / 17)));
  const signals = makeIshne({
    leads: [6, 11, 15],
    resolutions: [2500, 4880, 1000],
    text: "a note",
    data: int16Bytes(data),
  });
  const beats = ishneBeats(30, [
    ["N", 180],
    ["V", 120],
    ["S", 9],
  ]);
  const annotations = makeIshne({ signature: "ANN  1.0", leads: [6, 11, 15], data: beats });
  const paths = { signals: join(folder, "a.ecg"), annotations: join(folder, "a.ann") };
  writeFileSync(paths.signals, signals);
  writeFileSync(paths.annotations, annotations);
  const theirs = await askPython<Read>(SCRIPT, paths);
  const ours = openIshne(readFileSync(paths.signals), "a.ecg", {
    file: "a.ann",
    bytes: readFileSync(paths.annotations),
  });
  expect(theirs.checksum).toBe(true);
  expect(ours.findings).toEqual([]);
  expect(ours).toMatchObject({ rate: theirs.rate, startsAt: theirs.startsAt });
  expect(ours.signals.map(({ lead }) => lead)).toEqual(theirs.leads);
  for (const [i, samples] of samplesOf(ours).entries()) {
    // They multiply by a quotient, we divide by one: the last digit may differ.
    const physical = Array.from(samples, (sample) => sample / ours.signals[i].gain);
    const largest = Math.max(...theirs.physical[i].map(Math.abs));
    const difference = Math.max(...physical.map((value, k) => Math.abs(value - theirs.physical[i][k])));
    expect(difference).toBeLessThan(4 * Number.EPSILON * largest);
  }
  expect(ours.annotators[0].annotations.map(({ symbol, sample }) => [symbol, sample])).toEqual(theirs.beats);
});
