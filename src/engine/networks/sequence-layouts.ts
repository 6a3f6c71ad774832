/** Decides where sequences stay time first: from one recurrence to the next in a plain chain of layers. */
import type { LayerSpec, NetworkSpec } from "../../contract/domain/networks.ts";
import { isRecurrentLayer, recurrenceOf } from "./recurrence.ts";
import { consumersOf, inputsOf } from "./wiring.ts";

/**
 * Order of a sequence's axes. Networks are batch first, [batch, time, channels]. A recurrence reads one time step of
 * all rows at once, so a sequence between two recurrences may stay time first, without transpositions.
 */
export interface SequenceLayout {
  input: "batch-first" | "time-first";
  output: "batch-first" | "time-first";
}

export const BATCH_FIRST: SequenceLayout = { input: "batch-first", output: "batch-first" };

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
  return ["dropout", "gaussian-noise", "activation", "leaky-relu"].includes(kind);
}

function keptLayoutOf(layer: LayerSpec, input: SequenceLayout["input"]): SequenceLayout["output"] {
  return isElementwise(layer) ? input : "batch-first";
}
