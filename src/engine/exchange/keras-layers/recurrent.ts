/** Recurrent layers of Keras, in one direction or both. */
import { mergeModes as modes } from "../../../contract/domain/networks.ts";
import { mergeModes } from "../../networks/merge-modes.ts";
import { UnknownModelError } from "../unknown-model-error.ts";
import { weighted, type Equivalent } from "./equivalent.ts";
import { KerasSettings, shown, type KerasConfig } from "./settings.ts";

export function recurrent({ className, config, input }: KerasSettings): Equivalent {
  const inner = className === "Bidirectional" ? wrappedLayer(config["layer"]) : null;
  const [name, given] = inner === null ? [className, config] : [String(inner.class_name), inner.config as KerasConfig];
  if ((name !== "LSTM" && name !== "GRU") || typeof given !== "object" || given === null) {
    throw new UnknownModelError(`Its ${className} has a ${name} layer.`);
  }
  const settings = new KerasSettings(name, given, input);
  settings.only({
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    go_backwards: false,
    return_state: false,
    stateful: false,
    time_major: false,
    ...(name === "GRU" ? { reset_after: true } : {}),
  });
  const kind = name === "LSTM" ? "lstm" : "gru";
  const layer = { kind, units: settings.size("units"), returnSequences: given["return_sequences"] === true } as const;
  const roles = ["kernel", "recurrent_kernel", "bias"];
  if (inner === null) return weighted(layer, roles);
  const merge = modes.find((each) => mergeModes[each] === config["merge_mode"]);
  if (merge === undefined)
    throw new UnknownModelError(`Its Bidirectional has merge_mode ${shown(config["merge_mode"])}.`);
  const sides = [`forward_${kind}`, `backward_${kind}`];
  return weighted(
    { kind: "bidirectional", layer, merge },
    sides.flatMap((side) => roles.map((role) => `${side}/${role}`)),
  );
}

/** @throws UnknownModelError where the setting is no layer */
function wrappedLayer(layer: unknown): { class_name?: unknown; config?: unknown } {
  if (typeof layer === "object" && layer !== null) return layer;
  throw new UnknownModelError("Its Bidirectional has no layer.");
}
