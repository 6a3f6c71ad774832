/** Pooling layers of Keras. */
import { chain, type Equivalent } from "./equivalent.ts";
import type { KerasSettings } from "./settings.ts";

export function pooling(settings: KerasSettings, kind: "max-pooling-1d" | "average-pooling-1d"): Equivalent {
  settings.only({ data_format: "channels_last" });
  settings.sequence();
  const poolSize = settings.size("pool_size");
  const { strides } = settings.config;
  const padding = settings.choice("padding", ["valid", "same"]);
  return chain({
    kind,
    poolSize,
    strides: strides === null || strides === undefined ? poolSize : settings.size("strides"),
    ...(padding === "same" ? { padding } : {}),
  });
}

/** With `keepdims`, the result stays a sequence, of one sample. */
export function globalPooling(settings: KerasSettings, of: "max" | "average"): Equivalent {
  settings.only({ data_format: "channels_last" });
  const { length } = settings.sequence();
  return settings.flag("keepdims", false)
    ? chain({ kind: `${of}-pooling-1d`, poolSize: length, strides: length })
    : chain({ kind: `global-${of}-pooling-1d` });
}
