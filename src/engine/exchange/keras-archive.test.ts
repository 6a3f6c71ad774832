import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { File, ready } from "h5wasm";
import { openPromise } from "yauzl";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { zipOf, type ZipEntry } from "../../../tests/support/zip.ts";
import { snakeCase, weightPath } from "./keras-archive-paths.ts";
import { readKerasModel } from "./keras-model.ts";
import { weightsInOrder } from "./trained-model.ts";

/** Made by Keras 3.15.1 (tests/cases/README.md): a model inside a model, a recurrence, and layers with weights. */
const CASE = join(import.meta.dirname, "../../../tests/cases/keras-models/keras-3-archive.keras");
const folder = mkdtempSync(join(tmpdir(), "ectopy-keras-archive-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files: Record<string, Buffer>;
beforeAll(async () => {
  const zip = await openPromise(CASE, { lazyEntries: true, autoClose: false });
  files = {};
  for await (const entry of zip.eachEntry())
    files[entry.fileName] = await buffer(await zip.openReadStreamPromise(entry));
  zip.close();
});

function archive(entries: readonly ZipEntry[]): string {
  const file = join(folder, `${Math.random()}.keras`);
  writeFileSync(file, zipOf(entries));
  return file;
}
const entry = (name: string, more: Partial<ZipEntry> = {}): ZipEntry => ({ name, bytes: files[name], ...more });

describe("a .keras archive", () => {
  it("gives the network and the weights of each layer, also of models inside the model", async () => {
    const { model, about } = await readKerasModel(CASE);
    expect(about).toBeNull();
    expect(model.shape).toEqual({ windowLength: 24, classes: 3 });
    expect(model.spec.layers.map(({ kind }) => kind)).toEqual([
      "zero-padding-1d",
      "conv1d",
      "batch-normalization",
      "conv1d",
      "layer-normalization",
      "leaky-relu",
      "spatial-dropout-1d",
      "average-pooling-1d",
      "bidirectional",
      "global-max-pooling-1d",
      "dense",
    ]);
    const weights = [...model.weights.values()].flat();
    expect(weights.map(({ name, shape }) => `${name} ${shape.join("×")}`)).toEqual([
      "kernel 3×1×3",
      ...["gamma", "beta", "moving_mean", "moving_variance"].map((name) => `${name} 3`),
      ...["kernel 3×3×2", "bias 2", "gamma 2", "beta 2"],
      ...["forward_gru/kernel 2×6", "forward_gru/recurrent_kernel 2×6", "forward_gru/bias 2×6"],
      ...["backward_gru/kernel 2×6", "backward_gru/recurrent_kernel 2×6", "backward_gru/bias 2×6"],
      ...["kernel 4×4", "bias 4", "kernel 4×3", "bias 3"],
    ]);
    expect(weightsInOrder(model)).toHaveLength(weights.length);
    expect(weights.every(({ values }) => values.every((value) => value > 0))).toBe(true);
  });

  it("may be compressed, in any order", async () => {
    const deflated = { deflate: true };
    const file = archive([entry("model.weights.h5", deflated), entry("config.json", deflated)]);
    expect((await readKerasModel(file)).model).toEqual((await readKerasModel(CASE)).model);
  });

  it("may have the groups of TensorFlow's Keras 2", async () => {
    const { FS } = await ready;
    const h5 = new File("old.h5", "w");
    const layers = h5.create_group("_layer_checkpoint_dependencies");
    const kernels = new Map([
      ["dense", [4, 2]],
      ["dense_1", [2, 2]],
    ]);
    for (const [name, shape] of kernels) {
      const vars = layers.create_group(name).create_group("vars");
      const [rows, columns] = shape;
      vars.create_dataset({ name: "0", data: new Float32Array(rows * columns).fill(rows), shape, dtype: "<f4" });
      vars.create_dataset({ name: "1", data: new Float32Array(columns), shape: [columns], dtype: "<f4" });
    }
    h5.close();
    const dense = (name: string, activation: string) => ({
      class_name: "Dense",
      config: { name, units: 2, activation, use_bias: true },
    });
    const input = { class_name: "InputLayer", config: { name: "in", batch_input_shape: [null, 4] } };
    const config = { class_name: "Sequential", config: { layers: [input, dense("a", "relu"), dense("b", "softmax")] } };
    const file = archive([
      { name: "config.json", bytes: Buffer.from(JSON.stringify(config)) },
      { name: "model.weights.h5", bytes: FS.readFile("old.h5") },
    ]);
    FS.unlink("old.h5");
    const { weights } = (await readKerasModel(file)).model;
    expect(weights.get("a")![0]).toEqual({ name: "kernel", shape: [4, 2], values: new Float32Array(8).fill(4) });
    expect(weights.get("output")![0].values).toEqual(new Float32Array(4).fill(2));
  });

  it.each([
    ["has no weights", () => zipOf([entry("config.json")])],
    ["has no configuration", () => zipOf([entry("model.weights.h5")])],
    ["is encrypted", () => zipOf([entry("config.json", { flags: 1 }), entry("model.weights.h5")])],
    ["was cut short", () => readFileSync(CASE).subarray(0, 9000)],
    [
      "has weights that are no HDF5",
      () => zipOf([entry("config.json"), { name: "model.weights.h5", bytes: Buffer.alloc(5000, "x") }]),
    ],
    [
      "has a configuration that fills the memory",
      () =>
        zipOf([{ name: "config.json", bytes: Buffer.alloc(4_000_001, " "), deflate: true }, entry("model.weights.h5")]),
    ],
    [
      "has weights that fill the memory",
      () => zipOf([entry("config.json"), { name: "model.weights.h5", bytes: Buffer.alloc(50_000_000), deflate: true }]),
    ],
  ])("is refused where it %s", async (_, bytes) => {
    const file = join(folder, "refused.keras");
    writeFileSync(file, bytes());
    await expect(readKerasModel(file)).rejects.toMatchObject({
      code: "damaged-file",
      message: `${file} is not a model that Keras or Ectopy saved (.h5, .keras).`,
    });
  });
});

describe("paths in an archive", () => {
  it("have Keras' names of classes", () => {
    const names = ["Conv1D", "LeakyReLU", "BatchNormalization", "LSTM", "ZeroPadding1D", "GlobalMaxPooling1D"];
    expect(names.map(snakeCase)).toEqual([
      "conv1d",
      "leaky_re_lu",
      "batch_normalization",
      "lstm",
      "zero_padding1d",
      "global_max_pooling1d",
    ]);
  });

  it("lead to the cells of recurrent layers", () => {
    expect(["Dense", "LSTM"].map((name) => weightPath(name, 1))).toEqual(["vars/1", "cell/vars/1"]);
    expect([2, 3].map((index) => weightPath("Bidirectional", index))).toEqual([
      "forward_layer/cell/vars/2",
      "backward_layer/cell/vars/0",
    ]);
  });
});
