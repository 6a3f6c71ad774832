/**
 * Edits the list of layers of a network. Each edit returns a new network in which the inputs of other layers stay
 * valid.
 */
import {
  inputIds,
  networkSchema,
  type LayerKind,
  type LayerSpec,
  type NetworkSpec,
} from "../../../contract/domain/networks.ts";

type Fresh = { [Kind in LayerKind]: Omit<Extract<LayerSpec, { kind: Kind }>, "id"> };

/** Settings of a new layer. */
const fresh: Fresh = {
  dense: { kind: "dense", units: 64, activation: "relu" },
  conv1d: { kind: "conv1d", filters: 32, kernelSize: 5, strides: 1, padding: "same", activation: "relu" },
  "zero-padding-1d": { kind: "zero-padding-1d", before: 1, after: 1 },
  "batch-normalization": { kind: "batch-normalization" },
  "layer-normalization": { kind: "layer-normalization" },
  activation: { kind: "activation", activation: "relu" },
  "leaky-relu": { kind: "leaky-relu" },
  dropout: { kind: "dropout", rate: 0.3 },
  "gaussian-noise": { kind: "gaussian-noise", deviation: 0.1 },
  "spatial-dropout-1d": { kind: "spatial-dropout-1d", rate: 0.3 },
  "max-pooling-1d": { kind: "max-pooling-1d", poolSize: 2 },
  "average-pooling-1d": { kind: "average-pooling-1d", poolSize: 2 },
  "global-max-pooling-1d": { kind: "global-max-pooling-1d" },
  "global-average-pooling-1d": { kind: "global-average-pooling-1d" },
  flatten: { kind: "flatten" },
  lstm: { kind: "lstm", units: 64, returnSequences: false },
  gru: { kind: "gru", units: 64, returnSequences: false },
  bidirectional: {
    kind: "bidirectional",
    layer: { kind: "lstm", units: 64, returnSequences: false },
    merge: "concat",
  },
  concatenate: { kind: "concatenate" },
  add: { kind: "add" },
};

/** Prefix of the ids of each kind, as in the presets. */
const idPrefixes: Record<LayerKind, string> = {
  dense: "dense",
  conv1d: "conv",
  "zero-padding-1d": "pad",
  "batch-normalization": "norm",
  "layer-normalization": "norm",
  activation: "activation",
  "leaky-relu": "leaky",
  dropout: "dropout",
  "gaussian-noise": "noise",
  "spatial-dropout-1d": "dropout",
  "max-pooling-1d": "pool",
  "average-pooling-1d": "pool",
  "global-max-pooling-1d": "largest",
  "global-average-pooling-1d": "average",
  flatten: "flatten",
  lstm: "lstm",
  gru: "gru",
  bidirectional: "both",
  concatenate: "join",
  add: "sum",
};

/** @param at index of the new layer */
export function addLayer(network: NetworkSpec, kind: LayerKind, at: number): NetworkSpec {
  const layer: LayerSpec = { id: freeId(network, idPrefixes[kind]), ...fresh[kind] };
  return { ...network, layers: network.layers.toSpliced(at, 0, layer) };
}

/** Removes a layer. Layers that used its output get its inputs instead; without named inputs, the previous layer. */
export function removeLayer(network: NetworkSpec, at: number): NetworkSpec {
  const removed = network.layers[at];
  if (!removed || network.layers.length === 1) return network;
  const replacement = removed.inputs ?? [network.layers[at - 1]?.id ?? "input"];
  const layers = network.layers.toSpliced(at, 1).map((layer) => {
    if (!layer.inputs?.includes(removed.id)) return layer;
    const inputs = layer.inputs.flatMap((id) => (id === removed.id ? replacement : [id]));
    return { ...layer, inputs: [...new Set(inputs)] };
  });
  return { ...network, layers };
}

/** @returns the same network where an index is out of range */
export function moveLayer(network: NetworkSpec, from: number, to: number): NetworkSpec {
  const layer = network.layers[from];
  if (!layer || to < 0 || to >= network.layers.length || from === to) return network;
  return { ...network, layers: network.layers.toSpliced(from, 1).toSpliced(to, 0, layer) };
}

/** Changes settings of a layer; a setting that is undefined is removed. */
export function changeLayer(network: NetworkSpec, at: number, changes: Record<string, unknown>): NetworkSpec {
  const layer = network.layers[at];
  if (!layer) return network;
  const changed = Object.fromEntries(
    Object.entries({ ...layer, ...changes }).filter(([, value]) => value !== undefined),
  ) as LayerSpec;
  return { ...network, layers: network.layers.with(at, changed) };
}

/**
 * Changes the id of a layer, also in the inputs of others.
 * @returns the same network where the id is invalid or in use
 */
export function renameLayer(network: NetworkSpec, at: number, id: string): NetworkSpec {
  const before = network.layers[at]?.id;
  const taken = [...inputIds, ...network.layers.map((layer) => layer.id)];
  if (before === undefined || taken.includes(id)) return network;
  const layers = network.layers.map((layer, i) => ({
    ...layer,
    ...(i === at ? { id } : {}),
    ...(layer.inputs ? { inputs: layer.inputs.map((name) => (name === before ? id : name)) } : {}),
  }));
  return networkSchema.safeParse({ ...network, layers }).data ?? network;
}

/** Whether two networks have the same layers; their names may differ. */
export function sameLayers(one: NetworkSpec, other: NetworkSpec): boolean {
  const plain = ({ layers }: NetworkSpec): string => JSON.stringify(networkSchema.shape.layers.parse(layers));
  return plain(one) === plain(other);
}

/** Returns `name`, or the first of `name 2`, `name 3`… that is not in use, ignoring case. */
export function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((each) => each.toLowerCase()));
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    if (!used.has(candidate.toLowerCase())) return candidate;
  }
}

function freeId({ layers }: NetworkSpec, prefix: string): string {
  const taken = new Set(layers.map(({ id }) => id));
  for (let number = 1; ; number++) if (!taken.has(`${prefix}-${number}`)) return `${prefix}-${number}`;
}
