/** What each kind of layer computes, in one or two sentences. */
import type { LayerKind } from "../../../contract/domain/networks.ts";

export const kindHelp: Record<LayerKind, string> = {
  dense: "Weighted sums of all inputs. On a sequence, it computes each sample separately.",
  conv1d:
    "Filters that slide along time. A dilation above 1 skips samples between the taps, so that a filter sees further.",
  "zero-padding-1d": "Adds zeros before and after a sequence.",
  "batch-normalization": "Normalizes each channel over the batch, and over moving means in predictions.",
  "layer-normalization":
    "Normalizes each sample over its channels. It does not depend on the batch, and is the same in predictions.",
  activation: "Applies an activation function to each value.",
  "leaky-relu": "Passes values above 0, and values below 0 times a slope.",
  dropout: "Sets random values to 0 during training, against overfitting.",
  "gaussian-noise": "Adds normally distributed noise during training, against overfitting.",
  "spatial-dropout-1d": "Sets random channels of a sequence to 0 during training, each for the whole beat.",
  "max-pooling-1d": "Keeps the largest sample of each window.",
  "average-pooling-1d": "Averages the samples of each window.",
  "global-max-pooling-1d": "Keeps the largest sample of each channel: a sequence becomes a row.",
  "global-average-pooling-1d": "Averages each channel over time: a sequence becomes a row.",
  flatten: "Puts all samples of a sequence into one row.",
  lstm: "Reads a sequence sample by sample, with a memory (long short-term memory).",
  gru: "Reads a sequence sample by sample, with a memory. It has fewer weights than an LSTM.",
  bidirectional: "Reads a sequence from both ends, by an LSTM or a GRU for each direction.",
  concatenate: "Joins inputs side by side, along their channels.",
  add: "Adds inputs of the same shape.",
};
