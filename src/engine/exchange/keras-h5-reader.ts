/**
 * Reads a network from Keras' legacy HDF5 file (`keras/src/legacy/saving/legacy_h5_format.py`), as Keras or Ectopy
 * (keras-h5.ts) write it.
 */
import { Dataset, File, Group, ready } from "h5wasm/node";
import { bytesInMemory, closeFile, WeightReader } from "./h5-values.ts";
import type { ImportedModel, ReadingOptions } from "./imported-model.ts";
import { readKerasConfig, weightsOfSource, type WeightSource } from "./keras-import.ts";
import type { Weight } from "./trained-model.ts";

/** Limit of the configuration: 64 layers have a few hundred characters each. */
const MAX_TEXT_BYTES = 4_000_000;

/** @throws UnknownModelError, and other errors for a file that is no model of Keras */
export async function readLegacyH5(
  file: string,
  { alive, windowLength }: Required<ReadingOptions>,
): Promise<ImportedModel> {
  await ready;
  alive();
  const h5 = new File(file, "r");
  try {
    // Opening succeeds for any file; the first access fails.
    h5.keys();
    const isOurs = "ectopy" in h5.attrs;
    const about: unknown = isOurs ? JSON.parse(textOf(h5, "ectopy")) : null;
    const { spec, shape, sources } = readKerasConfig(JSON.parse(textOf(h5, "model_config")), { windowLength, isOurs });
    return { model: { spec, shape, weights: readWeights(h5, sources, alive) }, about };
  } finally {
    closeFile(h5);
  }
}

function textOf(group: Group, name: string): string {
  const attribute = group.attrs[name];
  if (attribute !== undefined && bytesInMemory(attribute) > MAX_TEXT_BYTES)
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
  const reader = new WeightReader();
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
            reader,
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
function weightsOf(h5: File, layer: string, expected: readonly string[], reader: WeightReader): Weight[] {
  const folder = `model_weights/${layer}`;
  const group = h5.get(folder);
  if (!(group instanceof Group)) throw new Error(`There are no weights of ${layer}.`);
  const names = group.attrs["weight_names"];
  if (names === undefined) throw new Error(`The weights of ${layer} have no names.`);
  if (bytesInMemory(names) > MAX_TEXT_BYTES) throw new Error(`${layer} has too many weights.`);
  const listed = names.value as string[];
  if (listed.length !== expected.length) throw new Error(`${layer} has ${listed.length} weights.`);
  return expected.map((name, i) => {
    const dataset = h5.get(`${folder}/${listed[i]}`);
    if (!(dataset instanceof Dataset)) throw new Error(`${layer} has no ${listed[i]}.`);
    return reader.read(dataset, name, `${listed[i]} of ${layer}`);
  });
}
