/** A network as a table of its layers. */
import type { LayerSpec, NetworkDescription, NetworkSpec, RecurrentSpec } from "../../../contract/networks.ts";
import { formatTable } from "../format.ts";
import { formatInteger } from "../../numbers.ts";

export function describeLayers({
  network,
  description,
}: {
  network: NetworkSpec;
  description: NetworkDescription;
}): string {
  const { inputShape, layers, output, parameters, bytesPerBeat, sound } = description;
  const specs = [...network.layers.map((layer) => [layer.kind, settingsOf(layer)]), ["dense", "softmax"]];
  const rows = [...layers, output].map((layer, i) => [
    layer.id,
    ...specs[i],
    layer.inputs.join(", "),
    formatShape(layer.outputShape),
    layer.outputShape === null ? "–" : formatInteger(layer.parameters.total),
  ]);
  const title = `${network.name}, beats as ${inputShape.length === 1 ? "rows" : "sequences"} (${formatShape(inputShape)})`;
  const table = formatTable(["Layer", "Kind", "Settings", "Takes", "Output>", "Parameters>"], rows);
  const end = sound
    ? [
        `${formatInteger(parameters.trainable)} parameters to be trained, ${formatInteger(parameters.total)} in all; training holds ${formatInteger(bytesPerBeat / 1000)} kB for each beat of a batch.`,
      ]
    : layers.flatMap(({ id, problem }) => (problem === null ? [] : [`Layer “${id}”: ${problem}`]));
  return [title, "", table, "", ...end].join("\n");
}

/** `360 × 64` */
function formatShape(shape: readonly number[] | null): string {
  return shape === null ? "–" : shape.join(" × ");
}

function settingsOf(layer: LayerSpec): string {
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
