import { describe, expect, it } from "vitest";
import { arrayOf, descriptionFileIn, PREPARATION_ARRAYS, preparationArrayFiles } from "./preparation-format.ts";

describe("the format of a preparation", () => {
  it("keeps the order that fingerprints of stored preparations were hashed in", () => {
    expect(preparationArrayFiles(() => false)).toEqual([
      "beats.f32",
      "classes.u8",
      "beat-record.u32",
      "beat-sample.u32",
      "recipe-base.u32",
      "recipe-neighbour.u32",
      "recipe-lambda.f32",
      "train.u32",
      "validation.u32",
      "test.u32",
    ]);
  });

  it("hashes optional files after all others", () => {
    expect(preparationArrayFiles(() => true).slice(-3)).toEqual(["test.u32", "features.f32", "weights.f32"]);
    expect(preparationArrayFiles((file) => file === "weights.f32").slice(-2)).toEqual(["test.u32", "weights.f32"]);
  });

  it("names each file by its element type", () => {
    const suffixes = new Map<unknown, string>([
      [Float32Array, "f32"],
      [Uint32Array, "u32"],
      [Uint8Array, "u8"],
    ]);
    for (const [file, type] of Object.entries(PREPARATION_ARRAYS)) expect(file.split(".")[1]).toBe(suffixes.get(type));
  });

  it("reads a file as its elements, and refuses half an element", () => {
    expect(arrayOf("train.u32", Uint8Array.of(1, 0, 0, 0, 0, 1, 0, 0).buffer)).toEqual(Uint32Array.of(1, 256));
    expect(() => arrayOf("train.u32", new ArrayBuffer(6))).toThrow(RangeError);
  });
});

describe("descriptionFileIn", () => {
  it.each([
    { files: ["preparation.json"], name: "preparation.json" },
    { files: ["dataset.json"], name: "dataset.json" },
    { files: ["dataset.json", "preparation.json"], name: "preparation.json" },
    { files: [], name: "preparation.json" },
  ])("is $name in a folder of $files", ({ files, name }) => {
    expect(descriptionFileIn((file) => files.includes(file))).toBe(name);
  });
});
