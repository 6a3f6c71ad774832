/**
 * Presets: the three networks of the reference study, unchanged, and networks that use the features of beats. Editing a
 * preset creates a custom network.
 */
import type { LayerSpec, NetworkShape, NetworkSpec } from "../domain/networks.ts";
import {
  presetNames,
  type NetworkChoice,
  type NetworkName,
  type PresetName,
  type TrainingSettings,
} from "../domain/training.ts";

const dense = (id: string, units: number): LayerSpec => ({ id, kind: "dense", units, activation: "relu" });
const normalize = (id: string): LayerSpec => ({ id, kind: "batch-normalization" });
const dropout = (id: string, rate: number): LayerSpec => ({ id, kind: "dropout", rate });
const halve = (id: string): LayerSpec => ({ id, kind: "max-pooling-1d", poolSize: 2 });
const convolve = (id: string, filters: number, kernelSize: number): LayerSpec => ({
  id,
  kind: "conv1d",
  filters,
  kernelSize,
  strides: 1,
  padding: "same",
  activation: "relu",
});
const lstm = (id: string, units: number, returnSequences: boolean): LayerSpec => ({
  id,
  kind: "lstm",
  units,
  returnSequences,
});

/** The networks of the reference study. */
export const presets: Readonly<Record<NetworkName, NetworkSpec>> = {
  ann: {
    name: "ANN",
    layers: [
      dense("dense-1", 256),
      normalize("norm-1"),
      dropout("dropout-1", 0.3),
      dense("dense-2", 128),
      normalize("norm-2"),
      dropout("dropout-2", 0.3),
      dense("dense-3", 64),
      dropout("dropout-3", 0.2),
    ],
  },
  cnn: {
    name: "1D-CNN",
    layers: [
      convolve("conv-1", 64, 5),
      normalize("norm-1"),
      halve("pool-1"),
      convolve("conv-2", 128, 5),
      normalize("norm-2"),
      halve("pool-2"),
      convolve("conv-3", 256, 3),
      normalize("norm-3"),
      { id: "average", kind: "global-average-pooling-1d" },
      dense("dense-1", 128),
      dropout("dropout-1", 0.4),
    ],
  },
  lstm: {
    name: "LSTM",
    layers: [
      lstm("lstm-1", 64, true),
      dropout("dropout-1", 0.3),
      lstm("lstm-2", 128, false),
      dropout("dropout-2", 0.3),
      dense("dense-1", 64),
    ],
  },
};

const convolveLinearly = (
  id: string,
  [filters, kernelSize, strides]: readonly [number, number, number],
  padding: "same" | "valid",
): LayerSpec => ({
  id,
  kind: "conv1d",
  filters,
  kernelSize,
  strides,
  padding,
  activation: "linear",
});
const relu = (id: string): LayerSpec => ({ id, kind: "activation", activation: "relu" });
const noise = (id: string, input: string): LayerSpec => ({
  inputs: [input],
  id,
  kind: "gaussian-noise",
  deviation: 0.4,
});

/** A convolution over beats, with its normalization, activation and dropout. */
const overBeats = (number: number, filters: number, kernelSize: number): LayerSpec[] => [
  convolveLinearly(`conv-${number}`, [filters, kernelSize, 1], "valid"),
  normalize(`norm-${number}`),
  relu(`relu-${number}`),
  dropout(`dropout-${number}`, 0.3),
];

/** Two convolutions whose output is added to their input. @param input id of the layer before */
const residual = (number: number, filters: number, input: string): LayerSpec[] => [
  convolveLinearly(`conv-${number}a`, [filters, 5, 1], "same"),
  normalize(`norm-${number}a`),
  relu(`relu-${number}a`),
  dropout(`dropout-${number}`, 0.2),
  convolveLinearly(`conv-${number}b`, [filters, 5, 1], "same"),
  normalize(`norm-${number}b`),
  { id: `sum-${number}`, kind: "add", inputs: [input, `norm-${number}b`] },
  relu(`relu-${number}b`),
];

/** Reduces the samples to a half, the channels to those of the next block. */
const reduced = (number: number, filters: number, kernelSize: number): LayerSpec[] => [
  convolveLinearly(`reduce-${number}`, [filters, kernelSize, 2], "same"),
  normalize(`reduce-norm-${number}`),
  relu(`reduce-relu-${number}`),
];

/** The features of the beat alone, beside another branch. */
const besideRhythm = (input: string, units: number): LayerSpec[] => [
  { id: "beat", kind: "dense", units, activation: "linear", inputs: [input] },
  normalize("beat-norm"),
  relu("beat-relu"),
  dropout("beat-dropout", 0.3),
];

export const allPresets: Readonly<Record<PresetName, NetworkSpec>> = {
  ...presets,
  "rhythm-and-shape": {
    name: "Rhythm and shape",
    layers: [
      noise("sequence-noise", "sequence"),
      ...overBeats(1, 48, 1),
      ...overBeats(2, 32, 9),
      ...overBeats(3, 32, 9),
      { id: "flatten", kind: "flatten" },
      noise("beat-noise", "rhythm"),
      ...besideRhythm("beat-noise", 48),
      { id: "join", kind: "concatenate", inputs: ["flatten", "beat-dropout"] },
    ],
  },
  "residual-cnn": {
    name: "Residual 1D-CNN",
    layers: [
      ...reduced(1, 32, 7),
      ...residual(1, 32, "reduce-relu-1"),
      ...reduced(2, 64, 5),
      ...residual(2, 64, "reduce-relu-2"),
      ...reduced(3, 64, 5),
      ...residual(3, 64, "reduce-relu-3"),
      { id: "average", kind: "global-average-pooling-1d" },
      ...besideRhythm("rhythm", 32),
      { id: "join", kind: "concatenate", inputs: ["average", "beat-dropout"] },
    ],
  },
};

export function isPreset(text: string): text is PresetName {
  return (presetNames as readonly string[]).includes(text);
}

/** Returns why a preset does not fit the inputs that a preparation offers, as a sentence; null: it fits. */
export function presetProblem(
  name: PresetName,
  shape: Pick<NetworkShape, "channels" | "features" | "steps">,
): string | null {
  const { channels = 1, features, steps } = shape;
  const lacks = (id: string): boolean =>
    (id === "rhythm" && features === undefined) ||
    (id === "sequence" && (features === undefined || steps === undefined));
  const network = allPresets[name];
  if (network.layers.some(({ inputs = [] }) => inputs.some(lacks))) {
    return `${network.name} needs features of the beats: prepare with the input Rhythm and shape.`;
  }
  return network.layers[0].kind === "dense" && channels > 1
    ? `${network.name} reads beats of one channel; those of this preparation have ${channels}.`
    : null;
}

/** Returns the presets that fit the inputs that a preparation offers. */
export function presetsFor(shape: Pick<NetworkShape, "channels" | "features" | "steps">): PresetName[] {
  return presetNames.filter((name) => presetProblem(name, shape) === null);
}

/**
 * Returns the preset that a preparation suggests: the network of its features, or the ANN, which gives a first result
 * within a minute.
 */
export function suggestedPreset({ features, steps }: Pick<NetworkShape, "features" | "steps">): PresetName {
  return features !== undefined && steps !== undefined ? "rhythm-and-shape" : "ann";
}

/** Returns the network of a choice. */
export function networkOf(choice: NetworkChoice): NetworkSpec {
  return typeof choice === "string" ? allPresets[choice] : choice;
}

type Networks = Pick<TrainingSettings, "network" | "members">;

/** Returns the networks of a run: one, or those of an ensemble's members, in their order. */
export function networksOf({ network, members }: Networks): NetworkSpec[] {
  return members === undefined ? [networkOf(network)] : members.map((member) => networkOf(member.network));
}

/** Returns what a run trained, as text: `ANN`, or `Ensemble of 5: Rhythm and shape`. */
export function networkTitle({ network, members }: Networks): string {
  const names = [...new Set(networksOf({ network, ...(members && { members }) }).map(({ name }) => name))];
  return members === undefined ? names[0] : `Ensemble of ${members.length}: ${names.join(", ")}`;
}
