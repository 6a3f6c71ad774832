/** TF.js' pooling layers, combined with a preceding normalization by a kernel. */
import type { layers } from "@tensorflow/tfjs-node-gpu";
import type { LayerSpec } from "../../contract/domain/networks.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerContext } from "./layer-context.ts";
import { onlyInput } from "./only-input.ts";
import { recordNormalize, recordNormalizeAverage, type NormalizedTensors } from "./kernel-normalization.ts";

type PoolingSpec = Extract<LayerSpec, { kind: "max-pooling-1d" | "global-average-pooling-1d" }>;

/** Returns the changed TF.js layer. @param layer TF.js layer */
export function poolingLayer(
  tf: TensorFlow,
  context: LayerContext,
  normalized: NormalizedTensors,
  spec: PoolingSpec,
  layer: layers.Layer,
): layers.Layer {
  const alone = layer.call.bind(layer);
  layer.call = (inputs, options) => {
    const normalization = normalized.get(onlyInput(inputs));
    if (!context.recorder || normalization === undefined) return alone(inputs, options);
    if (spec.kind === "global-average-pooling-1d") {
      return recordNormalizeAverage(tf, context.recorder, normalization);
    }
    const { poolSize, strides } = spec;
    return (strides ?? poolSize) === poolSize
      ? recordNormalize(tf, context.recorder, normalization, poolSize)
      : alone(inputs, options);
  };
  return layer;
}
