import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadPreparation, preparationFingerprint } from "../../engine/training/preparation-files.ts";
import { writePreparation } from "./write-preparation.ts";

const root = mkdtempSync(join(tmpdir(), "ectopy-write-preparation-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const emptyFolder = (): string => mkdtempSync(join(root, String(folders++)));

type Prepared = Parameters<typeof writePreparation>[1];
const none = { base: new Uint32Array(0), neighbour: new Uint32Array(0), lambda: new Float32Array(0) };
const prepared = {
  table: {
    labels: ["N", "V"],
    records: ["100"],
    record: new Uint32Array(2),
    sample: Uint32Array.of(100, 400),
    classes: Uint8Array.of(0, 1),
  },
  values: Float32Array.of(1, 2, 3, 4),
  length: 2,
  examples: {
    recipe: none,
    classes: Uint8Array.of(0, 1),
    realCount: 2,
    sets: { train: Uint32Array.of(0), validation: Uint32Array.of(1), test: Uint32Array.of(1) },
  },
} as unknown as Prepared;

it("writes no field and no file for inputs that a preparation lacks", () => {
  const folder = emptyFolder();
  writePreparation(folder, prepared);
  expect(Object.keys(JSON.parse(readFileSync(join(folder, "preparation.json"), "utf8")) as object)).toEqual([
    "windowLength",
    "labels",
    "records",
    "beats",
  ]);
  expect(readdirSync(folder)).toHaveLength(11);
});

it("writes channels, features, sequence and weights as the loader reads them", () => {
  const folder = emptyFolder();
  const { fingerprint, files } = writePreparation(folder, {
    ...prepared,
    values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    inputs: {
      channels: 2,
      features: ["pre-RR"],
      featureScaling: { mean: [0.8], deviation: [0.1], clip: 2 },
      sequence: { before: 1, after: 0 },
      featureValues: Float32Array.of(-1, 2),
      weights: Float32Array.of(1, 0),
    },
  });
  expect(fingerprint).toBe(preparationFingerprint(folder));
  expect(files.map(({ name }) => name).slice(-2)).toEqual(["features.f32", "weights.f32"]);
  const { source } = loadPreparation(folder);
  expect(source).toMatchObject({
    length: 4,
    features: { values: Float32Array.of(-1, 2), count: 1 },
    sequence: { before: 1, after: 0, records: new Uint32Array(2) },
    weights: Float32Array.of(1, 0),
  });
});

it("refuses sequences of synthetic beats", () => {
  const recipe = { base: Uint32Array.of(0), neighbour: Uint32Array.of(1), lambda: Float32Array.of(0.5) };
  const balanced = { ...prepared, examples: { ...prepared.examples, recipe } };
  expect(() =>
    writePreparation(emptyFolder(), {
      ...balanced,
      inputs: { features: ["pre-RR"], sequence: { before: 1, after: 1 } },
    }),
  ).toThrow("SMOTE");
});
