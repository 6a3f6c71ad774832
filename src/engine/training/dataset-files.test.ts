import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { fillBatch } from "../../pipeline/beats/batches.ts";
import { loadDataset } from "./dataset-files.ts";

/** Three real beats of four samples, and one synthetic one halfway from beat 2 to beat 1. */
const files: Record<string, NodeJS.ArrayBufferView | string> = {
  "dataset.json": JSON.stringify({ windowLength: 4, labels: ["N", "V"], records: ["100"], beats: 3 }),
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
  root = mkdtempSync(join(tmpdir(), "ectopy-dataset-files-"));
  whole = join(root, "whole");
  mkdirSync(whole);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(whole, name), content);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A copy of the folder, changed. */
function changed(change: (folder: string) => void): string {
  const folder = join(root, `copy-${copies++}`);
  cpSync(whole, folder, { recursive: true });
  change(folder);
  return folder;
}

function errorOf(folder: string): EctopyError {
  try {
    loadDataset(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(EctopyError);
    return error as EctopyError;
  }
  throw new Error(`${folder} was read without an error.`);
}

describe("loadDataset", () => {
  it("reads every array as it was written, and a batch of real and synthetic beats from it", () => {
    const { labels, source, sets } = loadDataset(whole);
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
    fillBatch(source, sets.train, 0, 2, values, classes);
    // 20 + ½(10 − 20) = 15
    expect([...values]).toEqual([15, 16, 17, 18, 0, 1, 2, 3]);
    expect([...classes]).toEqual([1, 0]);
  });

  it("reads a dataset without synthetic beats", () => {
    const folder = changed((copy) => {
      for (const name of ["recipe-base.u32", "recipe-neighbour.u32", "recipe-lambda.f32"]) {
        writeFileSync(join(copy, name), "");
      }
      writeFileSync(join(copy, "classes.u8"), Uint8Array.of(0, 1, 1));
      writeFileSync(join(copy, "train.u32"), Uint32Array.of(0));
    });
    expect(loadDataset(folder).source.recipe.base.length).toBe(0);
  });

  it("names the folder's description where there is none", () => {
    const folder = join(root, "nowhere");
    const error = errorOf(folder);
    expect(error.code).toBe("damaged-file");
    expect(error.message).toContain(join(folder, "dataset.json"));
    expect(error.fix).not.toBe("");
  });

  const needed = Object.keys(files).filter((name) => !name.startsWith("beat-"));
  it.each(needed)("names %s where it is missing", (name) => {
    const error = errorOf(changed((folder) => rmSync(join(folder, name))));
    expect(error.code).toBe("damaged-file");
    expect(error.message).toContain(name);
  });

  it.each(needed)("notices that %s is a folder", (name) => {
    const folder = changed((copy) => {
      rmSync(join(copy, name));
      mkdirSync(join(copy, name));
    });
    expect(errorOf(folder).code).toBe("damaged-file");
  });

  it.each(needed)("notices one byte less of %s", (name) => {
    const folder = changed((copy) => truncateSync(join(copy, name), readFileSync(join(copy, name)).length - 1));
    expect(errorOf(folder).code).toBe("damaged-file");
  });

  // A shorter part is a part all the same: only what other files count can be missed.
  it.each(needed.filter((name) => !/^(train|validation|test)/.test(name) && name !== "dataset.json"))(
    "notices a value less of %s",
    (name) => {
      const size = name.endsWith(".u8") ? 1 : 4;
      const folder = changed((copy) => truncateSync(join(copy, name), readFileSync(join(copy, name)).length - size));
      expect(errorOf(folder).code).toBe("damaged-file");
    },
  );

  it.each([
    { what: "a class without a label", name: "classes.u8", content: Uint8Array.of(0, 1, 1, 2) },
    { what: "a base that is no real beat", name: "recipe-base.u32", content: Uint32Array.of(3) },
    { what: "a neighbour that is no real beat", name: "recipe-neighbour.u32", content: Uint32Array.of(0xffffffff) },
    { what: "an example that is not there", name: "train.u32", content: Uint32Array.of(4) },
    { what: "an example that is not there, in the test part", name: "test.u32", content: Uint32Array.of(4) },
    { what: "an empty part", name: "train.u32", content: "" },
    { what: "an empty part", name: "validation.u32", content: "" },
    { what: "no JSON", name: "dataset.json", content: "{" },
    { what: "a JSON of something else", name: "dataset.json", content: "[]" },
    {
      what: "a window of no samples",
      name: "dataset.json",
      content: JSON.stringify({ windowLength: 0, labels: ["N", "V"], beats: 3 }),
    },
    {
      what: "a window that the beats don't have",
      name: "dataset.json",
      content: JSON.stringify({ windowLength: 6, labels: ["N", "V"], beats: 3 }),
    },
    {
      what: "no labels",
      name: "dataset.json",
      content: JSON.stringify({ windowLength: 4, labels: [], beats: 3 }),
    },
  ])("refuses $what ($name)", ({ name, content }) => {
    const error = errorOf(changed((folder) => writeFileSync(join(folder, name), content)));
    expect(error.code).toBe("damaged-file");
    expect(error.fix).not.toBe("");
  });
});
