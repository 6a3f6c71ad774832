/** Network as a table of its layers, or with the errors of its layers. */
import { INPUT_ID, type NetworkDescription, type NetworkSpec } from "../../../contract/domain/networks.ts";
import { formatTable } from "../format.ts";
import { formatShape, layerSettings } from "../../services/networks/layer-text.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";

export function describeLayers({
  network,
  description,
}: {
  network: NetworkSpec;
  description: NetworkDescription;
}): string {
  const { inputs, layers, output, parameters, bytesPerBeat, sound } = description;
  const specs = [...network.layers.map((layer) => [layer.kind, layerSettings(layer)]), ["dense", "softmax"]];
  const rows = [...layers, output].map((layer, i) => [
    layer.id,
    ...specs[i],
    layer.inputs.join(", "),
    formatShape(layer.outputShape),
    layer.outputShape === null ? "–" : formatInteger(layer.parameters.total),
  ]);
  const title = `${network.name}, ${inputs.map(inputText).join(", ")}`;
  const table = formatTable(["Layer", "Kind", "Settings", "Input", "Output shape>", "Parameters>"], rows);
  const end = sound
    ? [
        `${formatInteger(parameters.trainable)} trainable parameters, ${formatInteger(parameters.total)} in total; activation memory ${formatInteger(bytesPerBeat / 1000)} kB per beat of a batch.`,
      ]
    : layers.flatMap(({ id, problem }) => (problem === null ? [] : [`Layer “${id}”: ${problem}`]));
  return [title, "", table, "", ...end].join("\n");
}

function inputText({ id, shape }: NetworkDescription["inputs"][number]): string {
  const kind = shape.length === 1 ? "rows" : "sequences";
  return id === INPUT_ID ? `beats as ${kind} (${formatShape(shape)})` : `${id} (${formatShape(shape)})`;
}
