/** A trained network as plain values, read from a run's folder: what every export is made from. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";
import { OUTPUT_ID, type LayerSpec, type NetworkShape, type NetworkSpec } from "../../contract/domain/networks.ts";

export interface Weight {
  /** Within its layer, such as `kernel`, or `forward_lstm/kernel` of a bidirectional one. */
  name: string;
  shape: number[];
  /** Row major. */
  values: Float32Array;
}

export interface TrainedModel {
  spec: NetworkSpec;
  shape: NetworkShape;
  /** By layer (its id, or {@link OUTPUT_ID}), in Keras' order: kernel, recurrent kernel, bias; gamma, beta, moving mean, moving variance. */
  weights: ReadonlyMap<string, readonly Weight[]>;
}

/** The layer that every network ends with. */
export function outputLayer({ classes }: NetworkShape): LayerSpec {
  return { id: OUTPUT_ID, kind: "dense", units: classes, activation: "linear" };
}

const manifestSchema = z.object({
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(z.object({ name: z.string(), shape: z.array(z.int().min(0)), dtype: z.literal("float32") })),
    }),
  ),
});

/**
 * @param folder as `saveModel` wrote it (model-files.ts)
 * @throws EctopyError `damaged-file`
 */
export function readTrainedModel(folder: string, spec: NetworkSpec, shape: NetworkShape): TrainedModel {
  try {
    const { weightsManifest } = manifestSchema.parse(JSON.parse(readFileSync(join(folder, "model.json"), "utf8")));
    const listed = weightsManifest.flatMap(({ weights }) => weights);
    const file = readFileSync(join(folder, "weights.bin"));
    const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
    const weights = new Map<string, Weight[]>();
    let offset = 0;
    for (const { name, shape } of listed) {
      const size = shape.reduce((a, b) => a * b, 1);
      const slash = name.indexOf("/");
      const layer = name.slice(0, slash);
      const of = weights.get(layer) ?? [];
      // A view that went past the end would throw.
      of.push({ name: name.slice(slash + 1), shape, values: new Float32Array(bytes, offset, size) });
      weights.set(layer, of);
      offset += 4 * size;
    }
    if (offset !== bytes.byteLength) throw new Error("weights.bin has another size than model.json says.");
    return { spec, shape, weights };
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** SHA-256 over a model's weights, in hexadecimal. @throws EctopyError `damaged-file` */
export function modelFingerprint(folder: string): string {
  try {
    return createHash("sha256")
      .update(readFileSync(join(folder, "weights.bin")))
      .digest("hex");
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

function unreadable(folder: string, cause: unknown): EctopyError {
  return new EctopyError("damaged-file", `The model in ${folder} can't be read.`, "Train it again.", { cause });
}

/** A weight that the layer must have. @throws Error where the network and its weights don't fit together */
export function weightOf({ weights }: TrainedModel, layer: string, name: string): Weight {
  const weight = weights.get(layer)?.find((each) => each.name === name);
  if (weight === undefined) throw new Error(`The layer ${layer} has no ${name}.`);
  return weight;
}

/** All weights as a network lists them (network.ts): those that are trained layer by layer, then means and variances. */
export function weightsInOrder({ spec, shape, weights }: TrainedModel): Float32Array[] {
  const listed = [...spec.layers, outputLayer(shape)].flatMap(({ id }) => weights.get(id) ?? []);
  const isMoving = ({ name }: Weight): boolean => name.startsWith("moving_");
  return [...listed.filter((weight) => !isMoving(weight)), ...listed.filter(isMoving)].map(({ values }) => values);
}
