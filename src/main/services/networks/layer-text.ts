/** Texts for the layers of a network. */
import { layerDefaults, type LayerSpec, type RecurrentSpec } from "../../../contract/domain/networks.ts";

import { hasBias } from "../../../engine/networks/bias.ts";

/** `360 × 64` */
export function formatShape(shape: readonly number[] | null): string {
  return shape === null ? "–" : shape.join(" × ");
}

/** `input 360 × 1, rhythm 71` */
export function formatInputs(inputs: readonly { id: string; shape: readonly number[] }[]): string {
  return inputs.map(({ id, shape }) => `${id} ${formatShape(shape)}`).join(", ");
}

/** `256, relu`; empty where a layer has none. */
export function layerSettings(layer: LayerSpec): string {
  switch (layer.kind) {
    case "dense":
      return [layer.units, layer.activation, ...biasText(layer)].join(", ");
    case "conv1d": {
      const { filters, kernelSize, strides, dilation = layerDefaults.dilation, padding, activation } = layer;
      const spread = [
        ...(strides === 1 ? [] : [`strides ${strides}`]),
        ...(dilation === layerDefaults.dilation ? [] : [`dilation ${dilation}`]),
        ...(padding === "same" ? [] : ["no padding"]),
      ];
      return [`${filters} of ${kernelSize}`, ...spread, activation, ...biasText(layer)].join(", ");
    }
    case "zero-padding-1d":
      return `${layer.before} before, ${layer.after} after`;
    case "layer-normalization":
      return layer.epsilon === undefined ? "" : `epsilon ${layer.epsilon}`;
    case "activation":
      return layer.activation;
    case "leaky-relu":
      return `slope ${layer.negativeSlope ?? layerDefaults.negativeSlope}`;
    case "dropout":
    case "spatial-dropout-1d":
      return String(layer.rate);
    case "gaussian-noise":
      return `SD ${layer.deviation}`;
    case "max-pooling-1d":
    case "average-pooling-1d": {
      const { poolSize, strides, padding } = layer;
      const spread = [
        ...(strides === undefined ? [] : [`strides ${strides}`]),
        ...(padding === "same" ? ["padding same"] : []),
      ];
      return [poolSize, ...spread].join(", ");
    }
    case "lstm":
    case "gru":
      return recurrentSettings(layer);
    case "bidirectional":
      return `${layer.layer.kind} ${recurrentSettings(layer.layer)}, ${layer.merge}`;
    case "batch-normalization":
    case "global-max-pooling-1d":
    case "global-average-pooling-1d":
    case "flatten":
    case "concatenate":
    case "add":
      return "";
  }
}

function biasText(layer: Parameters<typeof hasBias>[0]): string[] {
  return hasBias(layer) ? [] : ["no bias"];
}

function recurrentSettings({ units, returnSequences }: RecurrentSpec): string {
  return `${units}${returnSequences ? ", sequence" : ""}`;
}
