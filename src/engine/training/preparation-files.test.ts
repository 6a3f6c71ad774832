import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { blendRows, fillBatch } from "../../pipeline/beats/batches.ts";
import { loadPreparation, preparationFingerprint } from "./preparation-files.ts";

/** Three real beats of four samples, and one synthetic one halfway from beat 2 to beat 1. */
const files: Record<string, NodeJS.ArrayBufferView | string> = {
  "preparation.json": JSON.stringify({ windowLength: 4, labels: ["N", "V"], records: ["100"], beats: 3 }),
  "beats.f32": Float32Array.of(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23),
  "classes.u8": Uint8Array.of(0, 1, 1, 1),
  "beat-record.u32": Uint32Array.of(0, 0, 0),
  "beat-sample.u32": Uint32Array.of(100, 200, 300),
  "recipe-base.u32": Uint32Array.of(2),
  "recipe-neighbour.u32": Uint32Array.of(1),
  "recipe-lambda.f32": Float32Array.of(0.5),
  "train.u32": Uint32Array.of(3, 0),
  "validation.u32": Uint32Array.of(1),
  "test.u32": Uint32Array.of(2),
};

let root: string;
let whole: string;
let copies = 0;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ectopy-preparation-files-"));
  whole = join(root, "whole");
  mkdirSync(whole);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(whole, name), content);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Copies the folder and changes the copy. */
function changed(change: (folder: string) => void): string {
  const folder = join(root, `copy-${copies++}`);
  cpSync(whole, folder, { recursive: true });
  change(folder);
  return folder;
}

function errorOf(folder: string): EctopyError {
  try {
    loadPreparation(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(EctopyError);
    return error as EctopyError;
  }
  throw new Error(`${folder} was read without an error.`);
}

describe("loadPreparation", () => {
  it("reads every array, and fills a batch of real and synthetic beats from them", () => {
    const { labels, source, sets } = loadPreparation(whole);
    expect(labels).toEqual(["N", "V"]);
    expect(source.length).toBe(4);
    expect(source.realCount).toBe(3);
    expect(source.values).toEqual(files["beats.f32"]);
    expect(sets).toEqual({
      train: files["train.u32"],
      validation: files["validation.u32"],
      test: files["test.u32"],
    });
    const values = new Float32Array(8);
    const classes = new Int32Array(2);
    fillBatch({ source, inputs: ["input"], fillRows: blendRows }, sets.train, [values], classes);
    // 20 + ½(10 − 20) = 15
    expect([...values]).toEqual([15, 16, 17, 18, 0, 1, 2, 3]);
    expect([...classes]).toEqual([1, 0]);
  });

  const inputs = { channels: 2, features: ["pre-RR", "post-RR"], sequence: { before: 1, after: 2 }, weighted: true };
  /** The preparation with further inputs: two channels, features, sequences and weights, without synthetic beats. */
  function withInputs(change: Record<string, object> = {}): string {
    const description = { windowLength: 2, labels: ["N", "V"], records: ["100", "101"], beats: 3, ...inputs };
    const contents: Record<string, object> = {
      "preparation.json": description,
      "classes.u8": Uint8Array.of(0, 1, 1),
      "recipe-base.u32": new Uint32Array(0),
      "recipe-neighbour.u32": new Uint32Array(0),
      "recipe-lambda.f32": new Float32Array(0),
      "train.u32": Uint32Array.of(0),
      "features.f32": Float32Array.of(1, 2, 3, 4, 5, 6),
      "weights.f32": Float32Array.of(1, 0, 0.2),
      ...change,
    };
    return changed((copy) => {
      for (const [name, content] of Object.entries(contents)) {
        writeFileSync(join(copy, name), ArrayBuffer.isView(content) ? bytesOf(content) : JSON.stringify(content));
      }
    });
  }

  it("reads channels, features, the recordings of sequences, and weights", () => {
    const { source } = loadPreparation(withInputs());
    expect(source.length).toBe(4);
    expect(source.features).toEqual({ values: Float32Array.of(1, 2, 3, 4, 5, 6), count: 2 });
    expect(source.sequence).toEqual({ before: 1, after: 2, records: Uint32Array.of(0, 0, 0) });
    expect(source.weights).toEqual(Float32Array.of(1, 0, 0.2));
  });

  it.each([
    { what: "fewer features than beats", change: { "features.f32": new Float32Array(4) } },
    { what: "fewer weights than examples", change: { "weights.f32": new Float32Array(2) } },
    { what: "fewer recordings than beats", change: { "beat-record.u32": new Uint32Array(2) } },
    {
      what: "sequences of synthetic beats",
      change: {
        "classes.u8": Uint8Array.of(0, 1, 1, 1),
        "weights.f32": new Float32Array(4),
        "recipe-base.u32": Uint32Array.of(2),
        "recipe-neighbour.u32": Uint32Array.of(1),
        "recipe-lambda.f32": Float32Array.of(0.5),
      },
    },
    {
      what: "a sequence without features",
      change: {
        "preparation.json": {
          ...{ windowLength: 4, labels: ["N"], records: [], beats: 3 },
          sequence: { before: 1, after: 1 },
        },
      },
    },
    {
      what: "a scaling of another number of features",
      change: {
        "preparation.json": {
          ...{ windowLength: 2, labels: ["N", "V"], records: ["100"], beats: 3, ...inputs },
          featureScaling: { mean: [0], deviation: [1], clip: 2 },
        },
      },
    },
  ])("refuses $what", ({ change }) => {
    expect(errorOf(withInputs(change)).code).toBe("damaged-file");
  });

  it("includes features and weights in the fingerprint", () => {
    const fingerprints = [
      withInputs(),
      withInputs({ "features.f32": Float32Array.of(1, 2, 3, 4, 5, 7) }),
      withInputs({ "weights.f32": Float32Array.of(1, 0, 1) }),
    ].map(preparationFingerprint);
    expect(new Set(fingerprints).size).toBe(3);
  });

  it("reads a preparation without synthetic beats", () => {
    const folder = changed((copy) => {
      for (const name of ["recipe-base.u32", "recipe-neighbour.u32", "recipe-lambda.f32"]) {
        writeFileSync(join(copy, name), "");
      }
      writeFileSync(join(copy, "classes.u8"), Uint8Array.of(0, 1, 1));
      writeFileSync(join(copy, "train.u32"), Uint32Array.of(0));
    });
    expect(loadPreparation(folder).source.recipe.base.length).toBe(0);
  });

  it("reads a folder of an earlier version, and computes the same fingerprint", () => {
    const former = changed((copy) => renameSync(join(copy, "preparation.json"), join(copy, "dataset.json")));
    expect(loadPreparation(former)).toEqual(loadPreparation(whole));
    expect(preparationFingerprint(former)).toBe(preparationFingerprint(whole));
  });

  it("names the description of a missing folder", () => {
    const folder = join(root, "nowhere");
    const error = errorOf(folder);
    expect(error.code).toBe("damaged-file");
    expect(error.message).toContain(join(folder, "preparation.json"));
    expect(error.fix).not.toBe("");
  });

  const needed = Object.keys(files).filter((name) => !name.startsWith("beat-"));
  it.each(needed)("names a missing %s", (name) => {
    const error = errorOf(changed((folder) => rmSync(join(folder, name))));
    expect(error.code).toBe("damaged-file");
    expect(error.message).toContain(name);
  });

  it.each(needed)("refuses a folder in place of %s", (name) => {
    const folder = changed((copy) => {
      rmSync(join(copy, name));
      mkdirSync(join(copy, name));
    });
    expect(errorOf(folder).code).toBe("damaged-file");
  });

  it.each(needed)("refuses %s without its last byte", (name) => {
    const folder = changed((copy) => truncateSync(join(copy, name), readFileSync(join(copy, name)).length - 1));
    expect(errorOf(folder).code).toBe("damaged-file");
  });

  // A shorter set is still a set: a missing value shows only where another file counts it.
  it.each(needed.filter((name) => !/^(train|validation|test)/.test(name) && name !== "preparation.json"))(
    "refuses %s without its last value",
    (name) => {
      const size = name.endsWith(".u8") ? 1 : 4;
      const folder = changed((copy) => truncateSync(join(copy, name), readFileSync(join(copy, name)).length - size));
      expect(errorOf(folder).code).toBe("damaged-file");
    },
  );

  it.each([
    { what: "a class without a label", name: "classes.u8", content: Uint8Array.of(0, 1, 1, 2) },
    { what: "a base beyond the real beats", name: "recipe-base.u32", content: Uint32Array.of(3) },
    { what: "a neighbour beyond the real beats", name: "recipe-neighbour.u32", content: Uint32Array.of(0xffffffff) },
    { what: "an example beyond the last one", name: "train.u32", content: Uint32Array.of(4) },
    { what: "an example beyond the last one, in the test set", name: "test.u32", content: Uint32Array.of(4) },
    { what: "an empty set", name: "train.u32", content: "" },
    { what: "an empty set", name: "validation.u32", content: "" },
    { what: "no JSON", name: "preparation.json", content: "{" },
    { what: "JSON of another shape", name: "preparation.json", content: "[]" },
    {
      what: "a window of no samples",
      name: "preparation.json",
      content: JSON.stringify({ windowLength: 0, labels: ["N", "V"], records: ["100"], beats: 3 }),
    },
    {
      what: "a window length that the beats don't have",
      name: "preparation.json",
      content: JSON.stringify({ windowLength: 6, labels: ["N", "V"], records: ["100"], beats: 3 }),
    },
    {
      what: "no labels",
      name: "preparation.json",
      content: JSON.stringify({ windowLength: 4, labels: [], records: ["100"], beats: 3 }),
    },
  ])("refuses $what ($name)", ({ name, content }) => {
    const error = errorOf(changed((folder) => writeFileSync(join(folder, name), content)));
    expect(error.code).toBe("damaged-file");
    expect(error.fix).not.toBe("");
  });
});
