import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { File, ready } from "h5wasm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { networkSchema } from "../../contract/domain/networks.ts";
import { randomStream } from "../../pipeline/random.ts";
import { clearTimes, headerAddresses } from "./h5-times.ts";
import { kerasH5, writeKerasH5 } from "./keras-h5.ts";
import { readKerasModel } from "./keras-model.ts";
import type { TrainedModel, Weight } from "./trained-model.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "ectopy-h5-"))));
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const UNITS = 3;
const CLASSES = 4;
/** More layers than a group keeps in its header (8): the names of the others are in a heap. */
const DENSE_LAYERS = 20;

/** Makes a model with nested groups, and more of them than fit into a header. */
function deepModel(): TrainedModel {
  const random = randomStream(3, "deep model");
  const weight = (name: string, ...shape: number[]): Weight => ({
    name,
    shape,
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  });
  const dense = Array.from({ length: DENSE_LAYERS }, (_, i) => `dense-${i + 1}`);
  const both = ["forward_lstm", "backward_lstm"].flatMap((side) => [
    weight(`${side}/kernel`, 1, 4 * UNITS),
    weight(`${side}/recurrent_kernel`, UNITS, 4 * UNITS),
    weight(`${side}/bias`, 4 * UNITS),
  ]);
  const layer = { kind: "lstm", units: UNITS, returnSequences: false };
  return {
    spec: networkSchema.parse({
      name: "Deep",
      layers: [
        { id: "both", kind: "bidirectional", layer, merge: "sum" },
        ...dense.map((id) => ({ id, kind: "dense", units: UNITS, activation: "relu" })),
      ],
    }),
    shape: { windowLength: 6, classes: CLASSES },
    weights: new Map([
      ["both", both],
      ...dense.map((id): [string, Weight[]] => [id, [weight("kernel", UNITS, UNITS), weight("bias", UNITS)]]),
      ["output", [weight("kernel", UNITS, CLASSES), weight("bias", CLASSES)]],
    ]),
  };
}

it("writes the same bytes at any time", async () => {
  // Too long for the header: HDF5 keeps it in a heap.
  const about = { notes: "x".repeat(100_000) };
  const written: Buffer[] = [];
  for (const time of ["2026-01-01T00:00:00Z", "2031-07-09T12:34:56Z"]) {
    vi.setSystemTime(time);
    const file = join(folder, `${written.length}.h5`);
    await writeKerasH5(file, [deepModel()], about);
    written.push(readFileSync(file));
    const read = await readKerasModel(file);
    expect(read.about).toEqual(about);
    expect(read.model.weights.get("both")).toEqual(deepModel().weights.get("both"));
    expect(read.model.weights.get(`dense-${DENSE_LAYERS}`)).toEqual(deepModel().weights.get(`dense-${DENSE_LAYERS}`));
  }
  expect(written[0].equals(written[1])).toBe(true);
});

it("finds every header of a file, and does not change a header without times", async () => {
  const { FS } = await ready;
  const h5 = new File("file.h5", "w");
  h5.create_group("group").create_dataset({ name: "data", data: new Float32Array(2), shape: [2], dtype: "<f4" });
  const addresses = headerAddresses(h5);
  h5.close();
  const file = Buffer.from(FS.readFile("file.h5"));
  const before = Buffer.from(file);
  const signatures = before.toString("latin1").matchAll(/OHDR\x02/g);
  expect(addresses.toSorted((a, b) => a - b)).toEqual([...signatures].map(({ index }) => index));
  clearTimes(file, addresses);
  const cleared = Buffer.from(file);
  expect(cleared.equals(before)).toBe(false);
  clearTimes(file, addresses);
  expect(file.equals(cleared)).toBe(true);
});

it("refuses an address without an object header", async () => {
  const file = await kerasH5([deepModel()], {});
  const before = Buffer.from(file);
  expect(() => clearTimes(file, [1])).toThrow("no object header");
  expect(file.equals(before)).toBe(true);
});

it.runIf(process.platform === "linux")("reports that the disk is full", async () => {
  await expect(writeKerasH5("/dev/full", [deepModel()], {})).rejects.toMatchObject({ code: "ENOSPC" });
});
