/** Windows of convolutions and pooling layers along time, where TensorFlow places them. */
import { layerDefaults, type LayerSpec, type Padding } from "../../contract/domain/networks.ts";

export type PoolingLayer = Extract<LayerSpec, { kind: "max-pooling-1d" | "average-pooling-1d" }>;
export type ConvolutionLayer = Extract<LayerSpec, { kind: "conv1d" }>;

export interface Windows {
  /** Samples from the first to the last one of a window. */
  size: number;
  strides: number;
  padding: Padding;
}

export function dilationOf({ dilation = layerDefaults.dilation }: Pick<ConvolutionLayer, "dilation">): number {
  return dilation;
}

/** Returns the windows of a layer. A dilated window includes the samples that its filter skips. */
export function windowsOf(layer: PoolingLayer | ConvolutionLayer): Windows {
  if (layer.kind === "conv1d") {
    const { kernelSize, strides, padding } = layer;
    return { size: (kernelSize - 1) * dilationOf(layer) + 1, strides, padding };
  }
  const { poolSize, strides = poolSize, padding = layerDefaults.poolPadding } = layer;
  return { size: poolSize, strides, padding };
}

/**
 * Returns the number of windows in a sequence, and the zeros before its first sample. The zeros of padding `same` lie on
 * both sides; an odd one comes after the end.
 */
export function placeWindows(time: number, { size, strides, padding }: Windows): { count: number; before: number } {
  if (padding === "valid") {
    return { count: time < size ? 0 : Math.floor((time - size) / strides) + 1, before: 0 };
  }
  const count = Math.ceil(time / strides);
  const zeros = Math.max(0, (count - 1) * strides + size - time);
  return { count, before: Math.floor(zeros / 2) };
}
