import { describe, expect, it } from "vitest";
import { allPresets, presets } from "../../contract/settings/network-presets.ts";
import { kerasConfig } from "./keras-config.ts";
import { readKerasConfig, UnknownModelError } from "./keras-import.ts";

const SHAPE = { windowLength: 30, classes: 5 };

interface Config {
  config: { layers: { name: string; config: Record<string, unknown>; inbound_nodes: unknown[] }[] };
}

/** Returns a changed configuration of the preset. */
function changed(change: (layers: Config["config"]["layers"]) => void): unknown {
  const config = structuredClone(kerasConfig(presets.ann, SHAPE)) as unknown as Config;
  change(config.config.layers);
  return config;
}

describe("readKerasConfig", () => {
  it("reads the shape that kerasConfig writes", () => {
    expect(readKerasConfig(changed(() => {})).shape).toEqual(SHAPE);
  });

  it("reads several inputs by their names, and refuses other names", () => {
    const shape = { windowLength: 30, channels: 2, features: 6, steps: 17, classes: 5 };
    const config = kerasConfig(allPresets["rhythm-and-shape"], shape);
    expect(readKerasConfig(config).shape).toEqual({ windowLength: 1, features: 6, steps: 17, classes: 5 });
    expect(readKerasConfig(config, { windowLength: 30 }).spec.layers).toHaveLength(
      allPresets["rhythm-and-shape"].layers.length,
    );
    const renamed = JSON.parse(JSON.stringify(config).replaceAll('"rhythm"', '"other"')) as unknown;
    expect(() => readKerasConfig(renamed)).toThrow("more than one input");
  });

  it("takes the only input of a foreign model for the beat, whatever its name", () => {
    const renamed = JSON.parse(JSON.stringify(changed(() => {})).replaceAll('"input"', '"sequence"')) as unknown;
    expect(readKerasConfig(renamed).shape).toEqual(SHAPE);
    expect(() => readKerasConfig(renamed, { isOurs: true })).toThrow();
  });

  it.each([0, -1, 1.5, -2147483648])("refuses an input of %d samples", (length) => {
    expect(() =>
      readKerasConfig(
        changed(([input]) => {
          for (const key of ["batch_input_shape", "batch_shape"]) {
            if (key in input.config) input.config[key] = [null, length];
          }
        }),
      ),
    ).toThrow();
  });

  it.each([0, -5, 1e-40])("refuses an output of %d units", (units) => {
    expect(() => readKerasConfig(changed((layers) => void (layers.at(-1)!.config["units"] = units)))).toThrow(
      "Its last layer is not a dense layer with softmax",
    );
  });

  it.each([
    ["a long text", "x".repeat(100_000)],
    ["lists nested deeply", JSON.parse("[".repeat(50_000) + "]".repeat(50_000)) as unknown],
  ])("refuses %s as a setting, with a short message", (_, value) => {
    const read = (): unknown => readKerasConfig(changed((layers) => void (layers[1].config["use_bias"] = value)));
    expect(read).toThrow(UnknownModelError);
    expect(read).toThrow(/^Its Dense has use_bias .{1,400}$/);
  });

  it("gives an output layer without bias one of zeros, which the network's output layer has", () => {
    const read = readKerasConfig(changed((layers) => void (layers.at(-1)!.config["use_bias"] = false)));
    const { roles, weights } = read.sources.at(-1)!;
    expect(roles).toEqual(["kernel"]);
    const kernel = { name: "kernel", shape: [64, 5], values: new Float32Array(320) };
    expect(weights([kernel])).toEqual([[kernel, { name: "bias", shape: [5], values: new Float32Array(5) }]]);
  });

  it.each([
    [{ strides: [2], dilation_rate: [2] }, "Its Conv1D has strides and dilation."],
    [{ padding: "reflect" }, 'Its Conv1D has padding "reflect".'],
    [{ data_format: "channels_first" }, 'Its Conv1D has data_format "channels_first", not "channels_last".'],
    [{ use_bias: 1 }, "Its Conv1D has use_bias 1."],
  ])("refuses a convolution with %j", (settings, message) => {
    const config = structuredClone(kerasConfig(presets.cnn, SHAPE)) as unknown as Config;
    Object.assign(config.config.layers[1].config, settings);
    expect(() => readKerasConfig(config)).toThrow(message);
  });

  it("refuses two layers of the same name", () => {
    expect(() =>
      readKerasConfig(
        changed((layers) => {
          layers[2].name = layers[1].name;
          layers[3].inbound_nodes = [[[layers[1].name, 0, 0, {}]]];
        }),
      ),
    ).toThrow("Two of its layers have the same name.");
  });
});
