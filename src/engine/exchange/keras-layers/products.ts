/** Dense layers and convolutions of Keras. */
import { UnknownModelError } from "../unknown-model-error.ts";
import { activated } from "./activations.ts";
import { chain, joined, weighted, type Equivalent } from "./equivalent.ts";
import type { KerasSettings } from "./settings.ts";

export function dense(settings: KerasSettings): Equivalent {
  const part = { kind: "dense", units: settings.size("units"), activation: "linear", ...biasOf(settings) } as const;
  return activated(weighted(part, rolesOf(settings)), settings.config["activation"] ?? "linear");
}

/** Causal padding is a layer of zeros before a convolution without padding. */
export function convolution(settings: KerasSettings): Equivalent {
  settings.only({ data_format: "channels_last", groups: 1 });
  settings.sequence();
  const { config } = settings;
  const [filters, kernelSize, strides] = ["filters", "kernel_size", "strides"].map((key) => settings.size(key));
  const dilation = config["dilation_rate"] === undefined ? 1 : settings.size("dilation_rate");
  if (strides > 1 && dilation > 1) throw new UnknownModelError(`Its ${settings.className} has strides and dilation.`);
  const padding = settings.choice("padding", ["valid", "same", "causal"]);
  const convolved = weighted(
    {
      kind: "conv1d",
      filters,
      kernelSize,
      strides,
      padding: padding === "same" ? "same" : "valid",
      ...(dilation === 1 ? {} : { dilation }),
      activation: "linear",
      ...biasOf(settings),
    },
    rolesOf(settings),
  );
  const before = (kernelSize - 1) * dilation;
  const zeros = padding === "causal" && before > 0 ? [chain({ kind: "zero-padding-1d", before, after: 0 })] : [];
  const layer = zeros.reduce((after, padded) => joined(padded, after), convolved);
  return activated(layer, config["activation"] ?? "linear");
}

export function zeroPadding(settings: KerasSettings): Equivalent {
  settings.only({ data_format: "channels_last" });
  const { padding } = settings.config;
  const [before, after = before] = (Array.isArray(padding) ? padding : [padding]) as unknown[];
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (isCount(before) && isCount(after)) return chain({ kind: "zero-padding-1d", before, after });
  throw new UnknownModelError("Its ZeroPadding1D has padding that is not one or two whole numbers.");
}

function biasOf(settings: KerasSettings): { useBias?: false } {
  return settings.flag("use_bias", true) ? {} : { useBias: false };
}

function rolesOf(settings: KerasSettings): string[] {
  return settings.flag("use_bias", true) ? ["kernel", "bias"] : ["kernel"];
}
