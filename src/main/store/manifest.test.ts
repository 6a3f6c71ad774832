import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultPreparation } from "../../contract/settings/defaults.ts";
import {
  findDamage,
  hashFolder,
  isAsStored,
  MANIFEST_FILE,
  readManifest,
  sha256,
  verifyFiles,
  writeManifest,
  type Manifest,
} from "./manifest.ts";

let folder: string;
const content: Manifest["content"] = {
  kind: "datasets",
  dataset: {
    name: "mitdb",
    source: "/x",
    fingerprint: "f".repeat(64),
    createdAt: "2026-01-01T00:00:00Z",
    patientsFrom: null,
  },
  versions: ["f".repeat(64)],
  identified: true,
  corrections: [],
  records: [],
  findings: [],
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-manifest-"));
  writeFileSync(join(folder, "a.dat"), "signal");
  mkdirSync(join(folder, "below"));
  writeFileSync(join(folder, "below", "b.atr"), "annotations");
  writeManifest(folder, { id: 7, files: hashFolder(folder), content });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const manifest = (): Manifest => readManifest(folder) as Manifest;
const verify = () => verifyFiles(folder, manifest().files, { signal: new AbortController().signal, onBytes: () => {} });

describe("a manifest", () => {
  it("returns its content, with size and SHA-256 of each file", () => {
    expect(manifest().id).toBe(7);
    expect(manifest().content).toEqual(content);
    expect(manifest().files).toEqual([
      { name: "a.dat", bytes: 6, sha256: sha256("signal") },
      { name: "below/b.atr", bytes: 11, sha256: sha256("annotations") },
    ]);
  });

  it("is read with the present names from format 1", () => {
    const settings = JSON.stringify(defaultPreparation("cross-validation"))
      .replace('"classMap":"aami"', '"labelMap":"aami"')
      .replace('"cross-validation"', '"patient-folds"');
    const summary = `{"settings":${settings},"labels":["N"],"counts":[],"totals":{"train":1,"validation":1,"test":1},"beats":3,
      "leftOut":{"outsideRecord":0,"missingSamples":0,"symbols":{},"smallClasses":{},"records":[]},"sharedRecords":[],
      "partRecords":{"train":["a"],"validation":[],"test":[]},"caveats":["\\"labelMap\\": a user's text stays"]}`;
    const hash = "a".repeat(64);
    const text = `{"format":1,"id":7,"files":[],"content":{"kind":"preparations","datasetFingerprint":"${hash}","preparation":
      {"datasetId":1,"settings":${settings},"summary":${summary},"fingerprint":"${hash}","seconds":1,"createdAt":"c"}}}`;
    writeFileSync(join(folder, MANIFEST_FILE), `{"sha256":"${sha256(text)}","manifest":${text}}\n`);
    expect(manifest().content).toMatchObject({
      preparation: {
        settings: defaultPreparation("cross-validation"),
        summary: { recordsBySet: { train: ["a"] }, caveats: ['"labelMap": a user\'s text stays'] },
      },
    });
  });

  it("is undefined if there is no file", () => {
    rmSync(join(folder, MANIFEST_FILE));
    expect(readManifest(folder)).toBeUndefined();
  });

  it("is damaged when any of its bits has changed", () => {
    const path = join(folder, MANIFEST_FILE);
    const whole = readFileSync(path);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
        const changed = Buffer.from(whole);
        changed[at] ^= 1 << bit;
        writeFileSync(path, changed);
        expect(readManifest(folder)).toBe("damaged");
      }),
      { numRuns: 300 },
    );
  });

  it("is damaged when it is truncated at any byte", () => {
    const path = join(folder, MANIFEST_FILE);
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(path, whole.subarray(0, length));
      expect(readManifest(folder)).toBe("damaged");
    }
  });
});

describe("files compared with a manifest", () => {
  it("do not differ if they are unchanged", async () => {
    expect(findDamage(folder, manifest().files, "content")).toEqual([]);
    expect(await verify()).toEqual([]);
  });

  it.for([
    { what: "content", change: () => writeFileSync(join(folder, "a.dat"), "sIgnal"), bySize: [] },
    { what: "size", change: () => appendFileSync(join(folder, "a.dat"), "!"), bySize: ["a.dat"] },
    { what: "missing", change: () => rmSync(join(folder, "a.dat")), bySize: ["a.dat"] },
  ])("differ by $what", async ({ what, change, bySize }) => {
    change();
    expect(findDamage(folder, manifest().files, "content")).toEqual([{ name: "a.dat", problem: what }]);
    expect(await verify()).toEqual([{ name: "a.dat", problem: what }]);
    expect(findDamage(folder, manifest().files, "size").map(({ name }) => name)).toEqual(bySize);
  });

  it("are recognised by their bytes; files that no manifest names are accepted", () => {
    expect(isAsStored(folder, "a.dat", Buffer.from("signal"))).toBe(true);
    expect(isAsStored(folder, "a.dat", Buffer.from("sIgnal"))).toBe(false);
    expect(isAsStored(folder, "a.dat", [Buffer.from("sig"), Buffer.from("nal")])).toBe(true);
    expect(isAsStored(folder, "a.dat", [Buffer.from("sig")])).toBe(false);
    expect(isAsStored(folder, "other.dat", Buffer.from("x"))).toBe(true);
    expect(isAsStored(join(folder, "below"), "b.atr", Buffer.from("x"))).toBe(true);
  });

  it("are no longer read after cancellation", async () => {
    const stopped = new AbortController();
    stopped.abort();
    const reading = { signal: stopped.signal, onBytes: () => {} };
    await expect(verifyFiles(folder, manifest().files, reading)).rejects.toThrow(/abort/i);
  });
});
