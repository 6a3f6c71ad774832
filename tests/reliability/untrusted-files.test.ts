/** Files for third-party parsers: refused with a reason, in time, while this thread keeps running. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { EctopyError } from "../../src/contract/domain/errors.ts";
import type { NetworkSpec } from "../../src/contract/domain/networks.ts";
import { writeKerasH5 } from "../../src/engine/exchange/keras-h5.ts";
import type { TrainedModel } from "../../src/engine/exchange/trained-model.ts";
import { readUntrusted } from "../../src/main/workers/untrusted-files.ts";
import { openExperiment } from "../../src/main/services/exports/mlflow/folder-export.ts";
import { findNetwork } from "../../src/main/services/networks/network-files.ts";

const root = mkdtempSync(join(tmpdir(), "ectopy-untrusted-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const cases = join(import.meta.dirname, "../cases");
const readModel = (file: string) => readUntrusted("readKerasModel", { file }, { name: file, fix: "Export it again." });

/** Counts turns of this thread's event loop during a promise, at least 20 ms apart. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  const timer = setInterval(() => turns++, 20);
  await work.finally(() => clearInterval(timer));
  return turns;
}

describe("a Keras model", () => {
  it("on which HDF5's library hangs is refused, while this thread keeps running", async () => {
    const file = join(cases, "hang-1byte.h5");
    const refused = expect(readModel(file)).rejects.toMatchObject({
      code: "damaged-file",
      message: expect.stringMatching(/hang-1byte\.h5 cannot be read: reading it made no progress for 3 s/) as string,
    });
    // Turns of three seconds; a blocked thread would have none.
    expect(await turnsDuring(refused)).toBeGreaterThan(20);
  });

  it("on which HDF5's library aborts is refused", async () => {
    const file = join(cases, "abort-hdf5.h5");
    await expect(readModel(file)).rejects.toMatchObject({
      code: "damaged-file",
      message: expect.stringMatching(/abort-hdf5\.h5 is not a model that Keras or Ectopy saved/) as string,
    });
  });

  it("is read as it was written, weight for weight", async () => {
    const file = join(root, "model.h5");
    const model = tinyModel();
    await writeKerasH5(file, [model], { note: "kept" });
    const read = await readModel(file);
    expect(read.about).toEqual({ note: "kept" });
    expect(read.model.shape).toEqual(model.shape);
    expect([...read.model.weights]).toEqual([...model.weights]);
  });

  it("is read from an archive of Keras 3, or refused where it has other files", async () => {
    const { model, about } = await readModel(join(cases, "keras-models/keras-3-archive.keras"));
    expect([model.shape.classes, about]).toEqual([3, null]);
    copyFileSync(join(cases, "crash-min.zip"), join(root, "other.keras"));
    await expect(readModel(join(root, "other.keras"))).rejects.toMatchObject({ code: "damaged-file" });
  });

  it("with a few changed bytes is refused with a reason, or read", async () => {
    const sound = join(root, "sound.h5");
    await writeKerasH5(sound, [tinyModel()], {});
    const bytes = readFileSync(sound);
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const changed = Buffer.from(bytes);
        for (const [place, byte] of list) changed[place] = byte;
        const file = join(root, "changed.h5");
        writeFileSync(file, changed);
        try {
          await readModel(file);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
      { numRuns: 10 },
    );
  });

  it("can't be a device, a folder or another file", async () => {
    copyFileSync(join(cases, "crash-min.zip"), join(root, "archive.h5"));
    for (const file of ["/dev/zero", root, join(root, "archive.h5")]) {
      await expect(readModel(file)).rejects.toMatchObject({ code: "damaged-file" });
    }
    await expect(readModel(join(root, "missing.h5"))).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("MLflow's folders", () => {
  const hostile: [string, string][] = [
    ["180,000 brackets", "[".repeat(180_000)],
    ["brackets within the size of a meta.yaml", "[".repeat(60_000)],
    ["keys of keys", "? ".repeat(30_000)],
    ["aliases of aliases", aliasBomb()],
    ["no YAML", "\0\u0001{"],
  ];
  it.each(hostile)("accept an export beside a meta.yaml of %s", async (what, text) => {
    const folder = join(root, what, "mlruns");
    mkdirSync(join(folder, "7"), { recursive: true });
    writeFileSync(join(folder, "7", "meta.yaml"), text);
    const experiment = await openExperiment(folder, "ECG");
    expect(experiment.id).not.toBe("7");
    // The export finds the experiment by its name.
    expect(await openExperiment(folder, "ECG")).toEqual(experiment);
  });
});

describe("a network's file", () => {
  it("can't be a device, or larger than any network", () => {
    const file = join(root, "large.json");
    writeFileSync(file, `[${"[],".repeat(400_000)}0]`);
    for (const path of ["/dev/zero", root, file]) {
      expect(() => findNetwork(path, () => undefined)).toThrow(
        expect.objectContaining({
          code: "damaged-file",
          message: expect.stringContaining("is not a network file") as string,
        }),
      );
    }
    const deep = join(root, "deep.json");
    writeFileSync(deep, "[".repeat(400_000));
    expect(() => findNetwork(deep, () => undefined)).toThrow(EctopyError);
  });
});

function tinyModel(): TrainedModel {
  const spec: NetworkSpec = { name: "Tiny", layers: [{ id: "a", kind: "dense", units: 3, activation: "relu" }] };
  const values = (n: number): Float32Array => Float32Array.from({ length: n }, (_, i) => i / 7);
  const dense = (inputs: number, units: number) => [
    { name: "kernel", shape: [inputs, units], values: values(inputs * units) },
    { name: "bias", shape: [units], values: values(units) },
  ];
  return {
    spec,
    shape: { windowLength: 5, classes: 2 },
    weights: new Map([
      ["a", dense(5, 3)],
      ["output", dense(3, 2)],
    ]),
  };
}

/** Nine lists, each of ten aliases of the previous one: 10^9 items when every alias is resolved. */
function aliasBomb(): string {
  const lists = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`);
  return ["l0: &l0 [x]", ...lists, "name: *l9"].join("\n");
}
