import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { checkRecord } from "../../pipeline/recordings/wfdb/record.ts";
import { checksum16, type SignalBytes } from "../../pipeline/recordings/wfdb/signals.ts";
import { importRecord } from "./import-record.ts";
import { storeRecord } from "./store-record.ts";
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
  storeRecord({ ...place, name, staging: join(place.destination, ".importing-0"), withoutComments: false });

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

  it("stores nothing of a damaged record, and keeps a file that a sound record shares with it", () => {
    const place = folders("shared");
    writeRecord(place.folder, "good", samples, "both.dat");
    writeRecord(place.folder, "bad", samples, "both.dat");
    const header = readFileSync(join(place.folder, "bad.hea"), "latin1");
    writeFileSync(join(place.folder, "bad.hea"), header.replace(" 700000", " 700001"));
    expect(store(place, "good").health.usable).toBe(true);
    expect(store(place, "bad")).toMatchObject({ health: { usable: false }, files: [] });
    expect(readdirSync(place.destination).sort()).toEqual(["both.dat", "good.hea"]);
  });

  it("checks a record of any length without all samples in memory", () => {
    const length = 20_000_000;
    const zeros = new Uint8Array(1 << 20);
    let largestPiece = 0;
    let buffers = 0;
    const bytes: SignalBytes = {
      length: 2 * length,
      subarray(from, to) {
        largestPiece = Math.max(largestPiece, to - from);
        buffers = Math.max(buffers, process.memoryUsage().arrayBuffers);
        return zeros.subarray(0, to - from);
      },
    };
    const before = process.memoryUsage().arrayBuffers;
    const header = `r 1 360 ${length}\nr.dat 16 200 16 0 0 0 0 I\n`;
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
  it("reports a record as damaged if it ended its worker, and removes the worker's files", async () => {
    const { folder, destination } = folders("lost");
    const staging = join(destination, ".importing-7");
    const order = { folder, name: "r", destination, withoutComments: false };
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
    const order = { ...folders("full"), name: "r", withoutComments: false };
    await expect(importRecord({ run: () => Promise.reject(full) }, order, 0)).rejects.toBe(full);
  });
});
