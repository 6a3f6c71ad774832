/**
 * Layers made of TensorFlow's raw operations with hand-written gradients: fewer operations than TF.js layers, and none
 * that hides a random number made in JavaScript. They have the weights of the TF.js layers, in the same order.
 */
import type { layers } from "@tensorflow/tfjs-node-gpu";
import { layerDefaults, type RecurrentSpec } from "../../contract/domain/networks.ts";
import type { Precision } from "../../contract/domain/training.ts";
import { createRawOps } from "../tensorflow/raw-ops.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import type { LayerContext } from "./layer-context.ts";
import { BATCH_FIRST, type SequenceLayout } from "../networks/sequence-layouts.ts";
import { libraryLayers, type LayerMaker } from "./library-layers.ts";
import { activationLayer } from "./tf-activation.ts";
import { batchNormalizationLayer } from "./tf-batch-normalization.ts";
import { bidirectionalLayer } from "./tf-bidirectional.ts";
import { conv1dLayer } from "./tf-conv1d.ts";
import { denseLayer, linear } from "./tf-dense.ts";
import { dropoutLayer } from "./tf-dropout.ts";
import { gaussianNoiseLayer } from "./tf-gaussian-noise.ts";
import { gruLayer } from "./tf-gru.ts";
import { layerNormalizationLayer } from "./tf-layer-normalization.ts";
import { lstmLayer } from "./tf-lstm.ts";

/** Returns the maker of these layers. */
export function tfLayers(tf: TensorFlow, context: LayerContext, precision: Precision = "float32"): LayerMaker {
  const ops = createRawOps(tf, precision);
  const library = libraryLayers(tf);
  const Lstm = lstmLayer(tf, context, linear(tf, ops, "linear"));
  const Gru = gruLayer(tf, context, linear(tf, ops, "linear"));
  const recurrent = (name: string, spec: RecurrentSpec, layout: SequenceLayout): layers.Layer =>
    new (spec.kind === "lstm" ? Lstm : Gru)({ name }, spec.units, spec.returnSequences, layout);
  let dropouts = 0;
  return (spec, layout = BATCH_FIRST) => {
    const config = { name: spec.id };
    switch (spec.kind) {
      case "dense":
        return new (denseLayer(tf, ops))(config, spec);
      case "conv1d":
        return new (conv1dLayer(tf, ops))(config, spec);
      case "batch-normalization":
        return new (batchNormalizationLayer(tf, ops))(config);
      case "layer-normalization":
        return new (layerNormalizationLayer(tf))(config, spec.epsilon ?? layerDefaults.epsilon);
      case "activation":
        return new (activationLayer(tf, ops))(config, spec.activation);
      case "dropout":
      case "spatial-dropout-1d":
        return new (dropoutLayer(tf, ops))(config, spec, context, dropouts++);
      case "gaussian-noise":
        return new (gaussianNoiseLayer(tf, ops))(config, spec.deviation, context, dropouts++);
      case "lstm":
      case "gru":
        return recurrent(spec.id, spec, layout);
      case "bidirectional":
        return new (bidirectionalLayer(tf))(config, {
          forward: recurrent("forward", spec.layer, layout),
          backward: recurrent("backward", spec.layer, layout),
          layout,
          returnSequences: spec.layer.returnSequences,
          merge: spec.merge,
        });
      case "zero-padding-1d":
      case "leaky-relu":
      case "max-pooling-1d":
      case "average-pooling-1d":
      case "global-max-pooling-1d":
      case "global-average-pooling-1d":
      case "flatten":
      case "concatenate":
      case "add":
        return library(spec);
    }
  };
}
