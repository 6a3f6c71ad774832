/** Loads a saved model by TF.js. */
import type { io, LayersModel } from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gruLayer } from "../../src/engine/layers/gru.ts";
import { zeroPaddingLayer } from "../../src/engine/layers/zero-padding.ts";
import type { TensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";

/** @param folder written by `saveModel` */
export async function loadModel(tf: TensorFlow, folder: string): Promise<LayersModel> {
  const { weightsManifest, ...rest } = JSON.parse(readFileSync(join(folder, "model.json"), "utf8")) as io.ModelJSON;
  const weightData = new Uint8Array(readFileSync(join(folder, "weights.bin"))).buffer;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  // Registers the classes of layers that TF.js lacks.
  gruLayer(tf);
  zeroPaddingLayer(tf);
  return tf.loadLayersModel(tf.io.fromMemory({ ...rest, weightSpecs, weightData }));
}
