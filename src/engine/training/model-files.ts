/**
 * A trained network's files: a TF.js Layers model (model.json, weights.bin), which TF.js reads. A GRU follows Keras, so
 * TF.js needs the class of layers/gru.ts for it.
 */
import type { io, LayersModel } from "@tensorflow/tfjs";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { gruLayer } from "../layers/gru.ts";
import { plainModel } from "../layers/network.ts";
import type { Network } from "../networks/network.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";

const MODEL = "model.json";
const WEIGHTS = "weights.bin";
/** All files of a model. */
export const MODEL_FILES = [MODEL, WEIGHTS] as const;

/** Writes the model into a folder that no other process reads yet. */
export async function saveModel(tf: TensorFlow, network: Network, folder: string): Promise<void> {
  const model = plainModel(tf, network);
  try {
    await model.save(
      tf.io.withSaveHandler((artifacts) => {
        const { weightData, weightSpecs, ...rest } = artifacts;
        const weights = joined(weightData);
        const manifest = [{ paths: [WEIGHTS], weights: weightSpecs }];
        writeFileSync(join(folder, WEIGHTS), weights);
        writeFileSync(join(folder, MODEL), JSON.stringify({ ...rest, weightsManifest: manifest }));
        return Promise.resolve({
          modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON", weightDataBytes: weights.length },
        });
      }),
    );
  } finally {
    model.dispose();
  }
}

/** Reads a model. @throws EctopyError `damaged-file` */
export async function loadModel(tf: TensorFlow, folder: string): Promise<LayersModel> {
  try {
    const { weightsManifest, ...rest } = JSON.parse(readFileSync(join(folder, MODEL), "utf8")) as io.ModelJSON;
    const weightData = new Uint8Array(readFileSync(join(folder, WEIGHTS))).buffer;
    const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
    const listed = weightSpecs.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    // TF.js notices missing bytes, but not surplus ones.
    if (weightData.byteLength !== 4 * listed) throw new Error(`${WEIGHTS} does not have the size that ${MODEL} lists.`);
    const artifacts: io.ModelArtifacts = { ...rest, weightSpecs, weightData };
    // Registers the class that reads a GRU.
    gruLayer(tf);
    return await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  } catch (cause) {
    throw new EctopyError("damaged-file", `The model in ${folder} can't be read.`, "Train it again.", { cause });
  }
}

function joined(data: io.WeightData | undefined): Uint8Array {
  const pieces = data === undefined ? [] : Array.isArray(data) ? data : [data];
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}
