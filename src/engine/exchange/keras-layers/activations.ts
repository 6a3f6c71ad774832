/** Activations of Keras, as layers and within other layers. */
import { activations } from "../../../contract/domain/networks.ts";
import { UnknownModelError } from "../unknown-model-error.ts";
import { chain, joined, nothing, type Equivalent } from "./equivalent.ts";
import { shown, type KerasSettings } from "./settings.ts";

/** Slope of Keras' function `leaky_relu`; the layer's default is another one. */
const FUNCTION_SLOPE = 0.2;
const LAYER_SLOPE = 0.3;
/** Slopes of a leaky ReLU in Ectopy. */
const SLOPES = [0, 1] as const;

/** Adds an activation behind a layer, within its last part where that has one. */
export function activated(layer: Equivalent, activation: unknown): Equivalent {
  const known = activation === "silu" ? "swish" : activation;
  if (known === "linear") return layer;
  if (known === "leaky_relu") return joined(layer, leaky(FUNCTION_SLOPE));
  const name = activations.find((each) => each === known);
  if (name === undefined) throw new UnknownModelError(`It has the activation ${shown(activation)}.`);
  const last = layer.parts.at(-1);
  if (last !== undefined && "activation" in last) {
    return { ...layer, parts: layer.parts.with(-1, { ...last, activation: name }) };
  }
  return joined(layer, chain({ kind: "activation", activation: name }));
}

export function activationLayer({ config }: KerasSettings): Equivalent {
  const activation = config["activation"] ?? "linear";
  // A linear activation stays a layer of the network: Ectopy's models have it, too.
  if (activation === "linear") return chain({ kind: "activation", activation });
  return activated(nothing, activation);
}

export function relu(settings: KerasSettings): Equivalent {
  settings.only({ max_value: null, threshold: 0 });
  return leaky(settings.number("negative_slope", 0, SLOPES));
}

/** Keras 2 calls the slope alpha. */
export function leakyRelu(settings: KerasSettings): Equivalent {
  const key = settings.config["negative_slope"] === undefined ? "alpha" : "negative_slope";
  return leaky(settings.number(key, LAYER_SLOPE, SLOPES));
}

function leaky(negativeSlope: number): Equivalent {
  return negativeSlope === 0
    ? chain({ kind: "activation", activation: "relu" })
    : chain({ kind: "leaky-relu", negativeSlope });
}
