/** Weights of a network, from its layers: names, shapes, and the order in which models, checkpoints and exports list them. */
import { OUTPUT_ID, type LayerSpec, type NetworkShape, type NetworkSpec } from "../../contract/domain/networks.ts";
import { hasBias } from "./bias.ts";
import { describeNetwork } from "./describe-network.ts";
import { kerasOrder } from "./keras-order.ts";
import { recurrenceOf } from "./recurrence.ts";
import { outputLayer } from "./wiring.ts";

export interface LayerWeight {
  /** Id of its layer. */
  layer: string;
  /** Part of the layer, if it has several: the direction of a bidirectional layer. */
  direction: "forward" | "backward" | null;
  /** Name in its layer: `kernel`, `recurrent_kernel`, `bias`, `gamma`, `beta`, `moving_mean`, `moving_variance`. */
  role: string;
  /** Row major. */
  shape: number[];
  trainable: boolean;
  /** Whether it belongs to an LSTM, also inside a bidirectional layer. */
  ofLstm: boolean;
}

/**
 * Returns all weights in the model's order, as Keras and TF.js list them: the trainable ones layer by layer, then the
 * others.
 * @param network a sound network, see `describeNetwork`
 */
export function weightsOf(network: NetworkSpec, shape: NetworkShape): LayerWeight[] {
  const { inputs: given, layers } = describeNetwork(network, shape);
  const widths = new Map<string, number>(given.map(({ id, shape }) => [id, shape.at(-1)!]));
  for (const { id, outputShape } of layers) widths.set(id, outputShape!.at(-1)!);
  const specs = new Map([...network.layers, outputLayer(shape)].map((layer) => [layer.id, layer]));
  const inputs = new Map(layers.map((layer) => [layer.id, layer.inputs]));
  inputs.set(OUTPUT_ID, [network.layers.at(-1)!.id]);
  const all = kerasOrder(network).flatMap((id) => {
    const layer = specs.get(id);
    return layer === undefined ? [] : ofLayer(layer, widths.get(inputs.get(id)![0])!);
  });
  return [...all.filter(({ trainable }) => trainable), ...all.filter(({ trainable }) => !trainable)];
}

/** @param width values or channels of the layer's input */
function ofLayer(layer: LayerSpec, width: number): LayerWeight[] {
  const weight = (role: string, shape: number[], trainable = true): LayerWeight => ({
    layer: layer.id,
    direction: null,
    role,
    shape,
    trainable,
    ofLstm: false,
  });
  switch (layer.kind) {
    case "dense":
      return [weight("kernel", [width, layer.units]), ...(hasBias(layer) ? [weight("bias", [layer.units])] : [])];
    case "conv1d":
      return [
        weight("kernel", [layer.kernelSize, width, layer.filters]),
        ...(hasBias(layer) ? [weight("bias", [layer.filters])] : []),
      ];
    case "layer-normalization":
      return [weight("gamma", [width]), weight("beta", [width])];
    case "batch-normalization":
      return [
        weight("gamma", [width]),
        weight("beta", [width]),
        weight("moving_mean", [width], false),
        weight("moving_variance", [width], false),
      ];
    case "lstm":
    case "gru":
    case "bidirectional": {
      const { cell, units, gates, biases } = recurrenceOf(layer);
      const one = [
        weight("kernel", [width, gates * units]),
        weight("recurrent_kernel", [units, gates * units]),
        weight("bias", biases === 1 ? [gates * units] : [biases, gates * units]),
      ].map((each) => ({ ...each, ofLstm: cell === "lstm" }));
      if (layer.kind !== "bidirectional") return one;
      return (["forward", "backward"] as const).flatMap((direction) => one.map((each) => ({ ...each, direction })));
    }
    default:
      return [];
  }
}
