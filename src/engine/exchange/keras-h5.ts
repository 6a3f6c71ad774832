/**
 * A trained network as Keras' legacy HDF5 file (`keras/src/legacy/saving/legacy_h5_format.py`): the configuration as an
 * attribute, weights by layer in Keras' order. Keras 2 and 3 load it by `keras.models.load_model`.
 */
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { File, ready, type Group } from "h5wasm";
import { clearTimes, headerAddresses } from "./h5-times.ts";
import { ensembleConfig, ensembleWeights, layerOrder } from "./ensemble-config.ts";
import type { TrainedModel } from "./trained-model.ts";

/** Version in the file: the last one that writes this format by default. Keras 3 reads it. */
const KERAS_VERSION = "2.9.0";

/**
 * Writes a model as {@link kerasH5} returns it.
 * @throws the system's error where the file can't be written
 */
export async function writeKerasH5(file: string, models: readonly TrainedModel[], about: object): Promise<void> {
  await writeFile(file, await kerasH5(models, about));
}

/**
 * Returns the bytes of a model's file, of one network or the members of an ensemble; the same model gives the same bytes. HDF5's library makes them in memory: on a
 * full disk it reports no write that failed, and leaves a file without some of its weights.
 * @param about description of the model, stored as the attribute `ectopy` of the file (JSON), which Keras ignores
 */
export async function kerasH5(models: readonly TrainedModel[], about: object): Promise<Buffer> {
  const { FS } = await ready;
  const config = ensembleConfig(models);
  const weightsBy = ensembleWeights(models);
  const name = `${randomUUID()}.h5`;
  const h5 = new File(name, "w");
  let headers: number[];
  try {
    text(h5, "model_config", JSON.stringify(config));
    text(h5, "ectopy", JSON.stringify(about));
    const weights = h5.create_group("model_weights");
    for (const group of [h5, weights] as Group[]) {
      text(group, "keras_version", KERAS_VERSION);
      text(group, "backend", "tensorflow");
    }
    const order = layerOrder(config);
    texts(weights, "layer_names", order);
    for (const layer of order) {
      const group = weights.create_group(layer);
      const weightsOfLayer = weightsBy.get(layer);
      if (weightsOfLayer === undefined) continue;
      // Keras 2's names: the layer's name again, and the number of the output.
      texts(
        group,
        "weight_names",
        weightsOfLayer.map(({ name }) => `${layer}/${name}:0`),
      );
      const folders = new Map<string, Group>();
      for (const { name, shape, values } of weightsOfLayer) {
        const path = [layer, ...name.split("/").slice(0, -1)];
        const folder = folderOf(folders, group, path);
        folder.create_dataset({ name: `${name.split("/").at(-1)}:0`, data: values, shape, dtype: "<f4" });
      }
    }
    headers = headerAddresses(h5);
  } finally {
    h5.close();
  }
  const file = Buffer.from(FS.readFile(name));
  FS.unlink(name);
  clearTimes(file, headers);
  return file;
}

/** Returns the group at a path below another one; missing groups are created. */
function folderOf(made: Map<string, Group>, root: Group, path: readonly string[]): Group {
  const name = path.join("/");
  const group =
    made.get(name) ?? (path.length === 1 ? root : folderOf(made, root, path.slice(0, -1))).create_group(path.at(-1)!);
  made.set(name, group);
  return group;
}

function text(group: Group, name: string, value: string): void {
  group.create_attribute(name, value, [], "S");
}

function texts(group: Group, name: string, values: readonly string[]): void {
  group.create_attribute(name, [...values], [values.length], "S");
}
