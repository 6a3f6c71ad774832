import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { checkRecord, parseRecord } from "../../pipeline/recordings/wfdb/record.ts";
import { missingSampleOf } from "../../contract/domain/recordings.ts";
import { MISSING_VALUE, type RecordingSource, type SourceBytes } from "../../pipeline/recordings/source.ts";
import { checksum16 } from "../../pipeline/recordings/wfdb/sample-blocks.ts";
import { DiskFolder } from "./disk-folder.ts";
import { importRecord } from "./import-record.ts";
import { loadRecord } from "./record-files.ts";
import { storeRecord, storeSource } from "./store-record.ts";
import { WorkerLostError } from "./worker-pool.ts";

const root = mkdtempSync(join(tmpdir(), "ectopy-import-record-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function folders(name: string): { folder: string; destination: string } {
  const [folder, destination] = [join(root, name), join(root, `${name} kept`)];
  mkdirSync(folder);
  mkdirSync(destination);
  return { folder, destination };
}

function writeRecord(folder: string, name: string, samples: Int16Array, file = `${name}.dat`): void {
  const sum = samples.reduce((a, b) => a + b, 0);
  const line = `${file} 16 200(0)/mV 16 0 ${samples[0]} ${checksum16(sum)} 0 MLII`;
  writeFileSync(join(folder, `${name}.hea`), `${name} 1 360 ${samples.length}\n${line}\n`);
  writeFileSync(join(folder, file), new Uint8Array(samples.buffer));
}

const samples = Int16Array.from({ length: 700_000 }, (_, i) => (i * 13) % 999);
const store = (place: { folder: string; destination: string }, name: string) =>
  storeRecord({
    ...place,
    folder: new DiskFolder(place.folder),
    name,
    staging: join(place.destination, ".importing-0"),
    withoutComments: false,
  });

describe("storeRecord", () => {
  it("stores exactly the bytes of a sound record, and no other file", () => {
    const place = folders("sound");
    writeRecord(place.folder, "r", samples);
    const { health, files } = store(place, "r");
    expect(health).toMatchObject({ usable: true, length: samples.length, leads: ["MLII"] });
    expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ["r.dat", 1_400_000],
      ["r.hea", readFileSync(join(place.folder, "r.hea")).length],
    ]);
    expect(readdirSync(place.destination).sort()).toEqual(["r.dat", "r.hea"]);
    for (const { name } of files) {
      expect(readFileSync(join(place.destination, name)).equals(readFileSync(join(place.folder, name)))).toBe(true);
    }
  });

  it("stores nothing of a damaged record, and one signal file for each record that shares one", () => {
    const place = folders("shared");
    writeRecord(place.folder, "good", samples, "both.dat");
    writeRecord(place.folder, "other", samples, "both.dat");
    writeRecord(place.folder, "bad", samples, "none.dat");
    writeFileSync(join(place.folder, "none.dat"), "");
    expect(store(place, "good").health.usable).toBe(true);
    expect(store(place, "other").health.usable).toBe(true);
    expect(store(place, "bad")).toMatchObject({ health: { usable: false }, files: [] });
    expect(readdirSync(place.destination).sort()).toEqual(["good.dat", "good.hea", "other.dat", "other.hea"]);
    expect(readFileSync(join(place.destination, "good.dat")).equals(readFileSync(join(place.folder, "both.dat")))).toBe(
      true,
    );
  });

  it("writes a recording of another format as a WFDB record, in the narrowest format that holds its samples", () => {
    const place = folders("converted");
    const source = (wide: number): RecordingSource => ({
      name: "Holter 1.v2",
      format: "EDF+",
      frameRate: 128,
      frames: 3,
      rate: 256,
      startsAt: "2020-05-05T09:49:17",
      signals: [
        { lead: "ECG I", units: "uV", gain: 0.2, baseline: -0.5, samplesPerFrame: 2 },
        { lead: "Resp", units: "", gain: 1, baseline: 0, samplesPerFrame: 1 },
      ],
      annotators: [
        { annotator: "edf", annotations: [{ sample: 3, symbol: "N", subtype: 0, channel: 0, num: 0, aux: "Größe Ω" }] },
      ],
      comments: ["Jane Doe"],
      findings: [],
      *blocks() {
        yield { from: 0, samples: [Int32Array.of(1, 2, 3, 4), Int32Array.of(-32768, MISSING_VALUE)] };
        yield { from: 2, samples: [Int32Array.of(5, wide), Int32Array.of(7)] };
      },
    });
    const options = { staging: join(place.destination, ".importing-0"), destination: place.destination };
    for (const [name, wide, format] of [
      ["narrow", 6, 24],
      ["wide", 2 ** 30, 32],
    ] as const) {
      const { health, files } = storeSource(() => source(wide), {
        ...options,
        storedName: name,
        annotator: "edf",
        originalName: "Holter 1.v2",
        withoutComments: false,
      });
      expect(files.map((file) => file.name)).toEqual([`${name}.dat`, `${name}.hea`, `${name}.edf`]);
      expect(health).toMatchObject({
        name,
        rate: 256,
        length: 6,
        beats: { N: 1 },
        details: {
          originalName: "Holter 1.v2",
          format: "EDF+",
          annotator: "edf",
          units: ["uV", ""],
          rates: [256, 128],
          startsAt: "2020-05-05T09:49:17",
        },
      });
      expect(readFileSync(join(place.destination, `${name}.hea`), "utf8")).toContain(`${name}.dat ${format}x2 0.2(`);
      const { recording, annotations } = parseRecord(loadRecord(new DiskFolder(place.destination), name, ["edf"]));
      expect(recording).toMatchObject({
        rate: 256,
        length: 6,
        comments: ["Jane Doe"],
        signals: [
          { lead: "ECG I", units: "mV", gain: 200, baseline: -0.5, rate: 256 },
          { lead: "Resp", units: "", gain: 1, baseline: 0, rate: 128 },
        ],
      });
      expect([...recording.signals[0].samples]).toEqual([1, 2, 3, 4, 5, wide]);
      const [, resp] = recording.signals;
      expect([...resp.samples]).toEqual([-32768, missingSampleOf(resp.samples), 7]);
      expect(annotations).toMatchObject([{ sample: 3, symbol: "N", aux: "Größe Ω" }]);
    }
    const bare = storeSource(() => source(6), {
      ...options,
      storedName: "bare",
      annotator: "edf",
      withoutComments: true,
    });
    expect(bare.health.comments).toEqual([]);
    const written = bare.files.map(({ name }) => readFileSync(join(place.destination, name), "latin1")).join();
    expect(written).not.toMatch(/Jane|Gr/);
  });

  it("checks a record of any length without all samples in memory", () => {
    const length = 20_000_000;
    const zeros = new Uint8Array(1 << 20);
    let largestPiece = 0;
    let buffers = 0;
    const bytes: SourceBytes = {
      length: 2 * length,
      subarray(from, to) {
        largestPiece = Math.max(largestPiece, to - from);
        buffers = Math.max(buffers, process.memoryUsage().arrayBuffers);
        return zeros.subarray(0, to - from);
      },
    };
    const before = process.memoryUsage().arrayBuffers;
    const header = Buffer.from(`r 1 360 ${length}\nr.dat 16 200 16 0 0 0 0 I\n`);
    const signals = new Map([["r.dat", bytes]]);
    expect(checkRecord({ name: "r", header, signals, annotator: "atr", annotations: null })).toMatchObject({
      usable: true,
      length,
    });
    expect(largestPiece).toBeLessThan(100_000);
    // The samples would take 40 MB.
    expect(buffers - before).toBeLessThan(4_000_000);
  });
});

describe("importRecord", () => {
  const recording = { name: "r", format: "wfdb", files: ["r.hea"], annotators: [] };

  it("reports a record as damaged if it ended its worker, and removes the worker's files", async () => {
    const { folder, destination } = folders("lost");
    const staging = join(destination, ".importing-7");
    const order = { folder, recording, storedName: "r", destination, withoutComments: false };
    const run = (): Promise<never> => {
      mkdirSync(staging);
      return Promise.reject(new WorkerLostError("memory", "its worker thread needed more memory than there is."));
    };
    expect(await importRecord({ run }, order, 7)).toMatchObject({
      health: { usable: false, findings: [{ severity: "damaged", message: /^Recording r needs more memory/ }] },
      files: [],
    });
    expect(existsSync(staging)).toBe(false);
  });

  it("stops the import if the workspace cannot be written", async () => {
    const full = new EctopyError("disk-full", "No space is left.", "Free some space.");
    const order = { ...folders("full"), recording, storedName: "r", withoutComments: false };
    await expect(importRecord({ run: () => Promise.reject(full) }, order, 0)).rejects.toBe(full);
  });
});
