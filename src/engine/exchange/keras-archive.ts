/**
 * Reads a model that Keras 3 saved as a .keras archive: a ZIP file with the configuration (`config.json`) and the weights
 * in HDF5 (`model.weights.h5`). Source: `keras/src/saving/saving_lib.py`.
 */
import { randomUUID } from "node:crypto";
import { Dataset, File, Group, ready } from "h5wasm";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { closeFile, WeightReader } from "./h5-values.ts";
import { weightPath } from "./keras-archive-paths.ts";
import { readKerasConfig, weightsOfSource, type WeightSource } from "./keras-import.ts";
import type { TrainedModel, Weight } from "./trained-model.ts";

const CONFIG = "config.json";
const WEIGHTS = "model.weights.h5";
/** Limit of the configuration: 64 layers have a few hundred characters each. */
const MAX_CONFIG_BYTES = 4_000_000;
/** Limit of the file of weights, which may include the optimizer's state (three times the weights). */
const MAX_FILE_BYTES = 1_600_000_000;
/** Limit of the compression ratio: Keras compresses nothing, and weights can hardly be compressed. */
const MAX_RATIO = 200;
const MAX_ENTRIES = 1000;
/** Groups of a model's layers: Keras 3, and TensorFlow's Keras 2. */
const LAYER_GROUPS = ["layers", "_layer_checkpoint_dependencies"] as const;

/**
 * Reads an archive.
 * @param windowLength samples of a beat, for a model that takes any number of them
 * @throws UnknownModelError, and other errors for a file that is no archive of Keras
 */
export async function readKerasArchive(
  file: string,
  { alive, windowLength }: { alive: () => void; windowLength: number | undefined },
): Promise<TrainedModel> {
  const { config, weights } = await unpack(file, alive);
  const { spec, shape, sources } = readKerasConfig(JSON.parse(config.toString("utf8")), { windowLength });
  return { spec, shape, weights: await readWeights(weights, sources, alive) };
}

async function unpack(file: string, alive: () => void): Promise<{ config: Buffer; weights: Buffer }> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false });
  // An error after the last read would end the thread.
  zip.on("error", () => {});
  try {
    if (zip.entryCount > MAX_ENTRIES) throw new Error(`The archive has ${zip.entryCount} files.`);
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    const read = (name: string, maxBytes: number): Promise<Buffer> => {
      const entry = entries.get(name);
      if (entry === undefined) throw new Error(`The archive has no ${name}.`);
      return readEntry(zip, entry, maxBytes, alive);
    };
    return { config: await read(CONFIG, MAX_CONFIG_BYTES), weights: await read(WEIGHTS, MAX_FILE_BYTES) };
  } finally {
    zip.close();
  }
}

/** Reads a file of the archive. Its size in the directory may be false, so that the bytes are counted, too. */
async function readEntry(zip: ZipFile, entry: Entry, maxBytes: number, alive: () => void): Promise<Buffer> {
  const { fileName, uncompressedSize, compressedSize } = entry;
  if (uncompressedSize > maxBytes || uncompressedSize > MAX_CONFIG_BYTES + MAX_RATIO * compressedSize) {
    throw new Error(`${fileName} has ${uncompressedSize} bytes.`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    alive();
    bytes += chunk.length;
    if (bytes > uncompressedSize) throw new Error(`${fileName} has more bytes than the archive says.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

async function readWeights(
  bytes: Buffer,
  sources: readonly WeightSource[],
  alive: () => void,
): Promise<Map<string, Weight[]>> {
  const { FS } = await ready;
  const name = `${randomUUID()}.h5`;
  FS.writeFile(name, bytes);
  const h5 = new File(name, "r");
  try {
    const root = LAYER_GROUPS.find((each) => h5.get(each) instanceof Group);
    if (root === undefined) throw new Error(`${WEIGHTS} has no weights of layers.`);
    const reader = new WeightReader();
    return new Map(
      sources.flatMap((source) => {
        alive();
        const group = `${root}/${source.group.replaceAll("/layers/", `/${root}/`)}`;
        const given = source.roles.map((role, index) => {
          const path = `${group}/${weightPath(source.className, index)}`;
          const dataset = h5.get(path);
          if (!(dataset instanceof Dataset)) throw new Error(`${WEIGHTS} has no ${path}.`);
          return reader.read(dataset, role, path);
        });
        return weightsOfSource(source, given);
      }),
    );
  } finally {
    closeFile(h5);
    FS.unlink(name);
  }
}
