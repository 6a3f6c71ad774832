/** Editing a network's list of layers: each step gives a new network, and names that other layers take stay right. */
import { networkSchema, type LayerKind, type LayerSpec, type NetworkSpec } from "../../../contract/domain/networks.ts";

type Fresh = { [Kind in LayerKind]: Omit<Extract<LayerSpec, { kind: Kind }>, "id"> };

/** What a new layer begins with. */
const fresh: Fresh = {
  dense: { kind: "dense", units: 64, activation: "relu" },
  conv1d: { kind: "conv1d", filters: 32, kernelSize: 5, strides: 1, padding: "same", activation: "relu" },
  "batch-normalization": { kind: "batch-normalization" },
  activation: { kind: "activation", activation: "relu" },
  dropout: { kind: "dropout", rate: 0.3 },
  "max-pooling-1d": { kind: "max-pooling-1d", poolSize: 2 },
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

/** What ids of a kind begin with, as in the presets. */
const stems: Record<LayerKind, string> = {
  dense: "dense",
  conv1d: "conv",
  "batch-normalization": "norm",
  activation: "activation",
  dropout: "dropout",
  "max-pooling-1d": "pool",
  "global-average-pooling-1d": "average",
  flatten: "flatten",
  lstm: "lstm",
  gru: "gru",
  bidirectional: "both",
  concatenate: "join",
  add: "sum",
};

/** @param at its place, from 0 */
export function addLayer(network: NetworkSpec, kind: LayerKind, at: number): NetworkSpec {
  const layer: LayerSpec = { id: freeId(network, stems[kind]), ...fresh[kind] };
  return { ...network, layers: network.layers.toSpliced(at, 0, layer) };
}

/** What took its output takes what it took, where that is named; else the layer that comes before by then. */
export function removeLayer(network: NetworkSpec, at: number): NetworkSpec {
  const removed = network.layers[at];
  if (!removed || network.layers.length === 1) return network;
  const instead = removed.inputs ?? [network.layers[at - 1]?.id ?? "input"];
  const layers = network.layers.toSpliced(at, 1).map((layer) => {
    if (!layer.inputs?.includes(removed.id)) return layer;
    const inputs = layer.inputs.flatMap((id) => (id === removed.id ? instead : [id]));
    return { ...layer, inputs: [...new Set(inputs)] };
  });
  return { ...network, layers };
}

/** @returns the same where there is no such place */
export function moveLayer(network: NetworkSpec, from: number, to: number): NetworkSpec {
  const layer = network.layers[from];
  if (!layer || to < 0 || to >= network.layers.length || from === to) return network;
  return { ...network, layers: network.layers.toSpliced(from, 1).toSpliced(to, 0, layer) };
}

/** With other settings; a setting that is undefined is left out. */
export function changeLayer(network: NetworkSpec, at: number, changes: Record<string, unknown>): NetworkSpec {
  const layer = network.layers[at];
  if (!layer) return network;
  const changed = Object.fromEntries(
    Object.entries({ ...layer, ...changes }).filter(([, value]) => value !== undefined),
  ) as LayerSpec;
  return { ...network, layers: network.layers.with(at, changed) };
}

/** With another id, which layers that take it name too. @returns the same where the id can't be one or is taken */
export function renameLayer(network: NetworkSpec, at: number, id: string): NetworkSpec {
  const before = network.layers[at]?.id;
  if (before === undefined || network.layers.some((layer) => layer.id === id)) return network;
  const layers = network.layers.map((layer, i) => ({
    ...layer,
    ...(i === at ? { id } : {}),
    ...(layer.inputs ? { inputs: layer.inputs.map((name) => (name === before ? id : name)) } : {}),
  }));
  return networkSchema.safeParse({ ...network, layers }).data ?? network;
}

/** Whether two have the same layers, whatever they are called. */
export function sameLayers(one: NetworkSpec, other: NetworkSpec): boolean {
  const plain = ({ layers }: NetworkSpec): string => JSON.stringify(networkSchema.shape.layers.parse(layers));
  return plain(one) === plain(other);
}

/** `name`, or the first of `name 2`, `name 3`… that nobody has, in whatever case. */
export function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((each) => each.toLowerCase()));
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`;
    if (!used.has(candidate.toLowerCase())) return candidate;
  }
}

function freeId({ layers }: NetworkSpec, stem: string): string {
  const taken = new Set(layers.map(({ id }) => id));
  for (let number = 1; ; number++) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`;
}
