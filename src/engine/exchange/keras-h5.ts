/**
 * A trained network as Keras' legacy HDF5 file (`keras/src/legacy/saving/legacy_h5_format.py`): the configuration as an
 * attribute, weights by layer in Keras' order. Keras 2 and 3 load it by `keras.models.load_model`.
 */
import { randomUUID } from "node:crypto";
import { access, constants, stat, writeFile } from "node:fs/promises";
import { File as FileInMemory, ready as readyInMemory, type Group as GroupInMemory } from "h5wasm";
import { Dataset, File, Group, ready, type Attribute } from "h5wasm/node";
import { EctopyError } from "../../contract/domain/errors.ts";
import { withSystemErrors } from "../../contract/domain/system-errors.ts";
import { clearTimes, headerAddresses } from "./h5-times.ts";
import { kerasConfig } from "./keras-config.ts";
import { kerasOrder } from "../networks/keras-order.ts";
import { readKerasConfig, UnknownModelError, weightsOfSource, type WeightSource } from "./keras-import.ts";
import type { TrainedModel, Weight } from "./trained-model.ts";

/** Version in the file: the last one that writes this format by default. Keras 3 reads it. */
const KERAS_VERSION = "2.9.0";
/** Limit of the file, which may include the optimizer's state (three times the weights). */
const MAX_FILE_BYTES = 2_000_000_000;
/** Limit of all weights as float32: ten times the largest known network for beats. */
const MAX_WEIGHT_BYTES = 400_000_000;
/** Limit of the configuration: 64 layers have a few hundred characters each. */
const MAX_TEXT_BYTES = 4_000_000;

/**
 * Writes a model as {@link kerasH5} returns it.
 * @throws the system's error where the file can't be written
 */
export async function writeKerasH5(file: string, model: TrainedModel, about: object): Promise<void> {
  await writeFile(file, await kerasH5(model, about));
}

/**
 * Returns the bytes of a model's file; the same model gives the same bytes. HDF5's library makes them in memory: on a
 * full disk it reports no write that failed, and leaves a file without some of its weights.
 * @param about description of the model, stored as the attribute `ectopy` of the file (JSON), which Keras ignores
 */
export async function kerasH5(model: TrainedModel, about: object): Promise<Buffer> {
  const { FS } = await readyInMemory;
  const name = `${randomUUID()}.h5`;
  const h5 = new FileInMemory(name, "w");
  let headers: number[];
  try {
    text(h5, "model_config", JSON.stringify(kerasConfig(model.spec, model.shape)));
    text(h5, "ectopy", JSON.stringify(about));
    const weights = h5.create_group("model_weights");
    for (const group of [h5, weights] as GroupInMemory[]) {
      text(group, "keras_version", KERAS_VERSION);
      text(group, "backend", "tensorflow");
    }
    const order = kerasOrder(model.spec);
    texts(weights, "layer_names", order);
    for (const layer of order) {
      const group = weights.create_group(layer);
      const weightsOfLayer = model.weights.get(layer);
      if (weightsOfLayer === undefined) continue;
      // Keras 2's names: the layer's name again, and the number of the output.
      texts(
        group,
        "weight_names",
        weightsOfLayer.map(({ name }) => `${layer}/${name}:0`),
      );
      const folders = new Map<string, GroupInMemory>();
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
function folderOf(made: Map<string, GroupInMemory>, root: GroupInMemory, path: readonly string[]): GroupInMemory {
  const name = path.join("/");
  const group =
    made.get(name) ?? (path.length === 1 ? root : folderOf(made, root, path.slice(0, -1))).create_group(path.at(-1)!);
  made.set(name, group);
  return group;
}

function text(group: GroupInMemory, name: string, value: string): void {
  group.create_attribute(name, value, [], "S");
}

function texts(group: GroupInMemory, name: string, values: readonly string[]): void {
  group.create_attribute(name, [...values], [values.length], "S");
}

export interface ImportedModel {
  model: TrainedModel;
  /** The `about` argument of {@link writeKerasH5}; null in files of other programs. */
  about: unknown;
}

/**
 * Reads a model of {@link writeKerasH5}, or a legacy HDF5 file of Keras. HDF5's library may never return for damaged
 * files, so external files are read in a worker thread (src/main/workers/untrusted-files.ts).
 * @param alive called for each layer while the file is read
 * @param windowLength samples of a beat, for a model that takes any number of them
 * @throws EctopyError `not-found`, `no-access`; `damaged-file` for another format, `nothing-usable` for unsupported
 * layers or
 *   settings, `unsupported` for a file that is too large
 */
export async function readKerasH5(
  file: string,
  { alive = () => {}, windowLength }: { alive?: () => void; windowLength?: number | undefined } = {},
): Promise<ImportedModel> {
  await withSystemErrors(`the model ${file}`, () => checkFile(file));
  await ready;
  alive();
  let h5: File;
  try {
    h5 = new File(file, "r");
    // Opening succeeds for any file; the first access fails.
    h5.keys();
  } catch (cause) {
    throw notKeras(file, cause);
  }
  try {
    const isOurs = "ectopy" in h5.attrs;
    const about: unknown = isOurs ? JSON.parse(textOf(h5, "ectopy")) : null;
    const { spec, shape, sources } = readKerasConfig(JSON.parse(textOf(h5, "model_config")), { windowLength, isOurs });
    const weights = readWeights(h5, sources, alive);
    return { model: { spec, shape, weights }, about };
  } catch (cause) {
    if (cause instanceof UnknownModelError) {
      const fix = "Choose a model of layers that Ectopy has, which ends in a dense layer with softmax.";
      throw new EctopyError("nothing-usable", `The model in ${file} can't be used here. ${cause.message}`, fix, {
        cause,
      });
    }
    throw notKeras(file, cause);
  } finally {
    closeFile(h5);
  }
}

/**
 * Closes a file that was read. Some damaged files abort HDF5's library, which then can't close them: the thread's end
 * does.
 */
function closeFile(h5: File): void {
  try {
    h5.close();
  } catch (error) {
    if (!(error instanceof Error && error.name === "RuntimeError")) throw error;
  }
}

/** HDF5's library does not say why it can't open a file. A pipe or a device could be read for ever. */
async function checkFile(file: string): Promise<void> {
  await access(file, constants.R_OK);
  const stats = await stat(file);
  if (!stats.isFile()) throw notKeras(file, undefined);
  if (stats.size <= MAX_FILE_BYTES) return;
  throw new EctopyError(
    "unsupported",
    `${file} is too large for a model: it has ${stats.size} bytes; ${MAX_FILE_BYTES} is the limit.`,
    "Save the model without its optimizer's state.",
  );
}

function notKeras(file: string, cause: unknown): EctopyError {
  return new EctopyError(
    "damaged-file",
    `${file} is not a model that Keras or Ectopy saved as HDF5 (.h5).`,
    "Export it again, or save it in Keras by model.save('model.h5').",
    { cause },
  );
}

function textOf(group: Group, name: string): string {
  const attribute = group.attrs[name];
  if (attribute !== undefined && bytesOf(attribute) > MAX_TEXT_BYTES)
    throw new Error(`The attribute ${name} is too long.`);
  const value = attribute?.value;
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  throw new Error(`The attribute ${name} is no text.`);
}

/**
 * Reads the weights of all layers. The file lists them by the model's outermost layers: for a model inside the model,
 * first those that are trained, of all its layers, and then moving means and variances.
 */
function readWeights(h5: File, sources: readonly WeightSource[], alive: () => void): Map<string, Weight[]> {
  const weights = new Map<string, Weight[]>();
  const room = { bytes: MAX_WEIGHT_BYTES };
  for (const [outer, within] of Map.groupBy(sources, (source) => source.outer)) {
    alive();
    const roles = within.flatMap(({ roles: of }, source) => of.map((role) => ({ source, role })));
    const isMoving = ({ role }: { role: string }): boolean => role.startsWith("moving_");
    const listed = [...roles.filter((each) => !isMoving(each)), ...roles.filter(isMoving)];
    const read =
      listed.length === 0
        ? []
        : weightsOf(
            h5,
            outer,
            listed.map(({ role }) => role),
            room,
          );
    within.forEach((source, number) => {
      const own = source.roles.map(
        (role) => read[listed.findIndex((each) => each.source === number && each.role === role)],
      );
      for (const [id, of] of weightsOfSource(source, own)) weights.set(id, of);
    });
  }
  return weights;
}

/** By the places that Keras lists them in: their names there differ from version to version. */
function weightsOf(h5: File, layer: string, expected: readonly string[], room: { bytes: number }): Weight[] {
  const folder = `model_weights/${layer}`;
  const group = h5.get(folder);
  if (!(group instanceof Group)) throw new Error(`There are no weights of ${layer}.`);
  const names = group.attrs["weight_names"];
  if (names === undefined) throw new Error(`The weights of ${layer} have no names.`);
  if (bytesOf(names) > MAX_TEXT_BYTES) throw new Error(`${layer} has too many weights.`);
  const listed = names.value as string[];
  if (listed.length !== expected.length) throw new Error(`${layer} has ${listed.length} weights.`);
  return expected.map((name, i) => {
    const dataset = h5.get(`${folder}/${listed[i]}`);
    if (!(dataset instanceof Dataset)) throw new Error(`${layer} has no ${listed[i]}.`);
    // A few bytes may announce any number of values.
    room.bytes -= bytesOf(dataset);
    if (!(room.bytes >= 0)) throw new Error(`The weights take more than ${MAX_WEIGHT_BYTES} bytes.`);
    const { value } = dataset;
    if (!(value instanceof Float32Array)) throw new Error(`${listed[i]} of ${layer} is not of float32.`);
    return { name, shape: dataset.shape!, values: value };
  });
}

/** Returns the size of the values in memory before they are read; the file's size bounds strings of variable length. */
function bytesOf({ metadata }: Dataset | Attribute): number {
  return metadata.size * (metadata.shape ?? []).reduce((product, length) => product * length, 1);
}
