/**
 * The networks of one model file: a single one, or the members of an ensemble side by side. An ensemble's layers have the
 * number of their member before their names; its output is the mean of the members' probabilities.
 */
import { OUTPUT_ID } from "../../contract/domain/networks.ts";
import { kerasOrder, orderByDistance } from "../networks/keras-order.ts";
import { kerasConfig, type LayerConfig, type ModelConfig } from "./keras-config.ts";
import { memberPrefix, type TrainedModel, type Weight } from "./trained-model.ts";

const INPUT_LAYER = "InputLayer";

type Described = Pick<TrainedModel, "spec" | "shape">;

/** Returns the configuration of a model in Keras, whose output is probabilities. @param models with the same inputs */
export function ensembleConfig(models: readonly Described[]): ModelConfig {
  const members = models.map(({ spec, shape }) => kerasConfig(spec, shape));
  const [{ class_name, config }] = members;
  if (members.length === 1) return members[0];
  const isInput = (layer: LayerConfig): boolean => layer.class_name === INPUT_LAYER;
  const layers = members.flatMap((member, i) =>
    member.config.layers
      .filter((layer) => !isInput(layer))
      .map((layer) => renamed(layer, member, memberPrefix(members.length, i))),
  );
  const outputs = members.map((_, i) => `${memberPrefix(members.length, i)}${OUTPUT_ID}`);
  const mean: LayerConfig = {
    class_name: "Average",
    config: { name: OUTPUT_ID, trainable: true, dtype: "float32" },
    name: OUTPUT_ID,
    inbound_nodes: [outputs.map((name) => [name, 0, 0, {}])],
  };
  return { class_name, config: { ...config, layers: [...config.layers.filter(isInput), ...layers, mean] } };
}

/** Returns a layer with a prefix before its name and those of its inputs, except where these are the model's. */
function renamed(layer: LayerConfig, { config }: ModelConfig, prefix: string): LayerConfig {
  const inputs = new Set(config.input_layers.map(([name]) => name));
  const name = `${prefix}${layer.name}`;
  return {
    ...layer,
    config: { ...layer.config, name },
    name,
    inbound_nodes: layer.inbound_nodes.map((node) =>
      node.map(([from, ...rest]) => [inputs.has(from) ? from : `${prefix}${from}`, ...rest]),
    ),
  };
}

/** Returns the weights by the names of the layers in {@link ensembleConfig}. */
export function ensembleWeights(models: readonly TrainedModel[]): Map<string, readonly Weight[]> {
  return new Map(
    models.flatMap(({ spec, weights }, i) =>
      kerasOrder(spec).flatMap((layer): [string, readonly Weight[]][] => {
        const of = weights.get(layer);
        return of === undefined ? [] : [[`${memberPrefix(models.length, i)}${layer}`, of]];
      }),
    ),
  );
}

/** Returns the layers of a configuration in Keras' order. */
export function layerOrder({ config }: ModelConfig): string[] {
  return orderByDistance(
    new Map(config.layers.map(({ name, inbound_nodes }) => [name, inbound_nodes.flat().map(([from]) => from)])),
  );
}
