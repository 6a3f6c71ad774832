/** Layers of Keras as layers of Ectopy that compute the same. */
import type { Shape } from "../../networks/layer-shapes.ts";
import { UnknownModelError } from "../unknown-model-error.ts";
import { activationLayer, leakyRelu, relu } from "./activations.ts";
import { chain, nothing, type Equivalent } from "./equivalent.ts";
import { batchNormalization, layerNormalization } from "./normalization.ts";
import { globalPooling, pooling } from "./pooling.ts";
import { convolution, dense, zeroPadding } from "./products.ts";
import { recurrent } from "./recurrent.ts";
import { KerasSettings, type KerasConfig } from "./settings.ts";

/** Largest standard deviation of a noise layer of Ectopy. */
const MAX_DEVIATION = 1000;
const RATES = [0, 1 - Number.EPSILON] as const;

/**
 * Returns what computes the same as a layer.
 * @param input shape of the layer's first input; null where it has several
 * @throws UnknownModelError
 */
export function equivalentOf(className: string, config: KerasConfig, input: Shape | null): Equivalent {
  const settings = new KerasSettings(className, config, input);
  switch (className) {
    case "Dense":
      return dense(settings);
    case "Conv1D":
    case "Convolution1D":
      return convolution(settings);
    case "ZeroPadding1D":
      return zeroPadding(settings);
    case "Dropout":
      settings.only({ noise_shape: null });
      return chain({ kind: "dropout", rate: settings.number("rate", 0, RATES) });
    case "SpatialDropout1D":
      return chain({ kind: "spatial-dropout-1d", rate: settings.number("rate", 0, RATES) });
    case "GaussianNoise":
      return chain({ kind: "gaussian-noise", deviation: settings.number("stddev", 0, [0, MAX_DEVIATION]) });
    case "BatchNormalization":
      return batchNormalization(settings);
    case "LayerNormalization":
      return layerNormalization(settings);
    case "Activation":
      return activationLayer(settings);
    case "ReLU":
      return relu(settings);
    case "LeakyReLU":
      return leakyRelu(settings);
    case "ELU":
      settings.only({ alpha: 1 });
      return chain({ kind: "activation", activation: "elu" });
    case "MaxPooling1D":
    case "MaxPool1D":
      return pooling(settings, "max-pooling-1d");
    case "AveragePooling1D":
    case "AvgPool1D":
      return pooling(settings, "average-pooling-1d");
    case "GlobalMaxPooling1D":
    case "GlobalMaxPool1D":
      return globalPooling(settings, "max");
    case "GlobalAveragePooling1D":
    case "GlobalAvgPool1D":
      return globalPooling(settings, "average");
    case "Flatten":
      settings.only({ data_format: "channels_last" });
      return input?.length === 1 ? nothing : chain({ kind: "flatten" });
    case "LSTM":
    case "GRU":
    case "Bidirectional":
      return recurrent(settings);
    case "Concatenate":
      return chain({ kind: "concatenate" });
    case "Add":
      return chain({ kind: "add" });
    // Layers that change nothing in a prediction, and that Ectopy lacks for training.
    case "GaussianDropout":
    case "AlphaDropout":
    case "ActivityRegularization":
      return nothing;
    default:
      throw new UnknownModelError(`It has a ${className} layer, which Ectopy does not support.`);
  }
}
