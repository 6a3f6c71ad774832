/** Presets: the three networks of the reference study, unchanged. Editing a preset creates a custom network. */
import type { LayerSpec, NetworkSpec } from "../domain/networks.ts";
import { networkNames, type NetworkChoice, type NetworkName } from "../domain/training.ts";

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

export function isPreset(text: string): text is NetworkName {
  return (networkNames as readonly string[]).includes(text);
}

/** Returns the network of a choice. */
export function networkOf(choice: NetworkChoice): NetworkSpec {
  return typeof choice === "string" ? presets[choice] : choice;
}
