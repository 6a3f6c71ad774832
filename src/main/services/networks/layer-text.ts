/** Texts for the layers of a network. */
import type { LayerSpec, RecurrentSpec } from "../../../contract/domain/networks.ts";

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
      return `${layer.units}, ${layer.activation}`;
    case "conv1d": {
      const strides = layer.strides === 1 ? [] : [`strides ${layer.strides}`];
      const padding = layer.padding === "same" ? [] : ["no padding"];
      return [`${layer.filters} of ${layer.kernelSize}`, ...strides, ...padding, layer.activation].join(", ");
    }
    case "activation":
      return layer.activation;
    case "dropout":
      return String(layer.rate);
    case "gaussian-noise":
      return `SD ${layer.deviation}`;
    case "max-pooling-1d":
      return `${layer.poolSize}${layer.strides === undefined ? "" : `, strides ${layer.strides}`}`;
    case "lstm":
    case "gru":
      return recurrentSettings(layer);
    case "bidirectional":
      return `${layer.layer.kind} ${recurrentSettings(layer.layer)}, ${layer.merge}`;
    case "batch-normalization":
    case "global-average-pooling-1d":
    case "flatten":
    case "concatenate":
    case "add":
      return "";
  }
}

function recurrentSettings({ units, returnSequences }: RecurrentSpec): string {
  return `${units}${returnSequences ? ", sequence" : ""}`;
}
