/** Decides where sequences stay time first: from one recurrence to the next in a plain chain of layers. */
import type { LayerSpec, NetworkSpec } from "../../contract/domain/networks.ts";
import type { SequenceLayout } from "./layer-spec.ts";
import { isRecurrentLayer, recurrenceOf } from "../networks/recurrence.ts";
import { consumersOf, inputsOf } from "../networks/wiring.ts";

/** Returns the layouts of a network's layers, by id. Layers with several inputs or consumers are batch first. */
export function sequenceLayouts({ layers }: NetworkSpec): Map<string, SequenceLayout> {
  const consumers = consumersOf(layers);
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  const onlyConsumer = ({ id }: LayerSpec): LayerSpec | undefined => {
    const [first, ...others] = consumers.get(id) ?? [];
    return others.length === 0 ? byId.get(first) : undefined;
  };
  const layouts = new Map<string, SequenceLayout>();
  layers.forEach((layer, i) => {
    const [source, ...others] = inputsOf(layers, i);
    const input = others.length === 0 ? (layouts.get(source)?.output ?? "batch-first") : "batch-first";
    layouts.set(layer.id, {
      input,
      output: isRecurrentLayer(layer) ? outputLayoutOf(layer) : keptLayoutOf(layer, input),
    });
  });
  return layouts;

  function outputLayoutOf(layer: LayerSpec): SequenceLayout["output"] {
    if (!isRecurrentLayer(layer) || !recurrenceOf(layer).returnSequences) return "batch-first";
    let next = onlyConsumer(layer);
    while (next !== undefined && isElementwise(next)) next = onlyConsumer(next);
    return next !== undefined && isRecurrentLayer(next) ? "time-first" : "batch-first";
  }
}

/** Whether a layer works elementwise and so keeps the order of axes. */
function isElementwise({ kind }: LayerSpec): boolean {
  return kind === "dropout" || kind === "activation";
}

function keptLayoutOf(layer: LayerSpec, input: SequenceLayout["input"]): SequenceLayout["output"] {
  return isElementwise(layer) ? input : "batch-first";
}
