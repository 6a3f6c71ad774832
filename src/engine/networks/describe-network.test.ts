import { describe, expect, it } from "vitest";
import { allPresets, presets } from "../../contract/settings/network-presets.ts";
import { networkSchema, type NetworkDescription, type NetworkShape } from "../../contract/domain/networks.ts";
import { describeNetwork } from "./describe-network.ts";

const shape = { windowLength: 360, classes: 14 };

/** Describes layers in the format of network files, with optional defaults. */
function describeLayers(layers: object[], windowLength = 360): NetworkDescription {
  return describeNetwork(networkSchema.parse({ name: "mine", layers }), { windowLength, classes: 14 });
}

const shapes = ({ layers }: NetworkDescription): (number[] | null)[] => layers.map(({ outputShape }) => outputShape);
const problems = ({ layers }: NetworkDescription): (string | null)[] => layers.map(({ problem }) => problem);

const flatten = { id: "flat", kind: "flatten" };
const dense = { id: "dense", kind: "dense", units: 8, activation: "relu" };
const conv = { id: "conv", kind: "conv1d", filters: 4, kernelSize: 5, activation: "relu" };

describe("the reference study's networks", () => {
  it("have the study's parameters: 135,246 trainable ones in the ANN", () => {
    const parameters = Object.fromEntries(
      Object.entries(presets).map(([name, network]) => [name, describeNetwork(network, shape).parameters]),
    );
    // The study's notebook prints the ANN's; the others are added up by hand in tests/integration/engine.test.ts.
    expect(parameters).toEqual({
      ann: { trainable: 135_246, total: 135_246 + 2 * (256 + 128) },
      cnn: { trainable: 175_630, total: 175_630 + 2 * (64 + 128 + 256) },
      lstm: { trainable: 124_878, total: 124_878 },
    });
  });

  it("are sound; the ANN's input is a row, the others' a sequence", () => {
    const described = Object.values(presets).map((network) => describeNetwork(network, shape));
    expect(described.map(({ sound }) => sound)).toEqual([true, true, true]);
    expect(described.map(({ inputShape }) => inputShape)).toEqual([[360], [360, 1], [360, 1]]);
    expect(described.map(({ output }) => output.outputShape)).toEqual([[14], [14], [14]]);
    expect(shapes(described[1])).toEqual([
      [360, 64],
      [360, 64],
      [180, 64],
      [180, 128],
      [180, 128],
      [90, 128],
      [90, 256],
      [90, 256],
      [256],
      [128],
      [128],
    ]);
  });
});

describe("inputs", () => {
  const offered = { ...shape, channels: 2, features: 71, steps: 17 };
  const presetOf = (name: keyof typeof allPresets, of: NetworkShape): NetworkDescription =>
    describeNetwork(allPresets[name], of);

  it("of rhythm and shape are a sequence and a row; it has 30,660 trainable weights for four classes", () => {
    const described = presetOf("rhythm-and-shape", { ...offered, classes: 4 });
    expect(described.sound).toBe(true);
    expect(described.inputs).toEqual([
      { id: "rhythm", shape: [71] },
      { id: "sequence", shape: [17, 71] },
    ]);
    expect(described.parameters.trainable).toBe(30_660);
  });

  it("of the residual 1D-CNN are the beat with its channels, and the features", () => {
    const described = presetOf("residual-cnn", offered);
    expect(described.sound).toBe(true);
    expect(described.inputs).toEqual([
      { id: "input", shape: [360, 2] },
      { id: "rhythm", shape: [71] },
    ]);
  });

  it("that the preparation lacks are refused at the layers that name them", () => {
    const { layers, sound } = presetOf("rhythm-and-shape", shape);
    expect(sound).toBe(false);
    expect(Object.fromEntries(layers.flatMap(({ id, problem }) => (problem === null ? [] : [[id, problem]])))).toEqual({
      "sequence-noise": "Its input “sequence” needs the features of neighbouring beats, which this preparation lacks.",
      "beat-noise": "Its input “rhythm” needs features of each beat, which this preparation lacks.",
    });
    const withoutSequences = presetOf("rhythm-and-shape", { ...shape, features: 71 });
    expect(problems(withoutSequences).filter((problem) => problem !== null)).toHaveLength(1);
  });

  it("are a row only where a dense layer has a beat of one channel", () => {
    const network = networkSchema.parse({ name: "mine", layers: [dense, flatten] });
    expect(describeNetwork(network, { ...shape, channels: 2 }).inputShape).toEqual([360, 2]);
    expect(describeNetwork(network, shape).inputShape).toEqual([360]);
  });

  it("are hidden by a layer of their name, as in networks of earlier versions", () => {
    const layers = [
      { ...dense, id: "rhythm" },
      { ...dense, inputs: ["rhythm"] },
    ];
    const described = describeNetwork(networkSchema.parse({ name: "old", layers }), { ...offered, channels: 1 });
    expect(described.inputs.map(({ id }) => id)).toEqual(["input"]);
    expect(problems(described)).toEqual([null, null]);
  });
});

describe("shapes", () => {
  it("of a convolution: padded ⌈n/s⌉, not padded ⌊(n − k)/s⌋ + 1", () => {
    const convolved = (settings: object): number[] | null =>
      shapes(describeLayers([{ ...conv, ...settings }, flatten], 11))[0];
    expect(convolved({})).toEqual([11, 4]);
    expect(convolved({ strides: 3 })).toEqual([4, 4]);
    expect(convolved({ padding: "valid" })).toEqual([7, 4]);
    expect(convolved({ padding: "valid", strides: 3 })).toEqual([3, 4]);
    expect(convolved({ padding: "valid", kernelSize: 11 })).toEqual([1, 4]);
    expect(convolved({ dilation: 2 })).toEqual([11, 4]);
    expect(convolved({ padding: "valid", dilation: 2 })).toEqual([3, 4]);
  });

  it("refuses strides with dilation, and a dilated kernel that is longer than the sequence", () => {
    const problem = (settings: object): string | null =>
      problems(describeLayers([{ ...conv, ...settings }, flatten], 11))[0];
    expect(problem({ strides: 2, dilation: 2 })).toBe("Strides and dilation can't both be above 1.");
    expect(problem({ padding: "valid", dilation: 3 })).toBe(
      "The sequence has 11 samples here: too few for a kernel of 5 and a dilation of 3 without padding.",
    );
  });

  it("of zero padding: longer by its zeros; of global pooling: a row of channels", () => {
    const pad = { id: "pad", kind: "zero-padding-1d", before: 2, after: 5 };
    expect(shapes(describeLayers([conv, pad, { id: "max", kind: "global-max-pooling-1d" }], 11))).toEqual([
      [11, 4],
      [18, 4],
      [4],
    ]);
  });

  it("of pooling: by its size, or by its own strides", () => {
    const pool = (settings: object): object => ({ id: "pool", kind: "max-pooling-1d", poolSize: 3, ...settings });
    expect(shapes(describeLayers([pool({}), flatten], 11))[0]).toEqual([3, 1]);
    expect(shapes(describeLayers([pool({ strides: 1 }), flatten], 11))[0]).toEqual([9, 1]);
    expect(shapes(describeLayers([pool({ padding: "same" }), flatten], 11))[0]).toEqual([4, 1]);
    expect(shapes(describeLayers([{ ...pool({}), kind: "average-pooling-1d" }, flatten], 11))[0]).toEqual([3, 1]);
  });

  it("of a bidirectional layer: twice as wide where its directions are joined, else not", () => {
    const both = (merge: string): object => ({
      id: "both",
      kind: "bidirectional",
      layer: { kind: "gru", units: 5, returnSequences: true },
      merge,
    });
    expect(shapes(describeLayers([both("concat"), flatten], 7))).toEqual([[7, 10], [70]]);
    expect(shapes(describeLayers([both("sum"), flatten], 7))).toEqual([[7, 5], [35]]);
  });

  it("of a dense layer on a sequence: sample by sample", () => {
    const described = describeLayers([conv, dense, flatten], 11);
    expect(shapes(described)).toEqual([[11, 4], [11, 8], [88]]);
    expect(described.layers[1].parameters.trainable).toBe(4 * 8 + 8);
  });
});

describe("parameters", () => {
  const ofFirst = (layer: object): number => describeLayers([layer, flatten], 7).layers[0].parameters.trainable;

  it("of an LSTM: four gates; of a GRU: three, with a bias each for input and state", () => {
    expect(ofFirst({ id: "r", kind: "lstm", units: 5, returnSequences: true })).toBe(4 * 5 * (1 + 5 + 1));
    expect(ofFirst({ id: "r", kind: "gru", units: 5, returnSequences: true })).toBe(3 * 5 * (1 + 5 + 2));
  });

  it("of a convolution and a dense layer without bias; of a layer normalization: two of each channel", () => {
    expect(ofFirst({ ...conv, useBias: false })).toBe(5 * 4);
    expect(ofFirst({ ...conv, dilation: 2 })).toBe(5 * 4 + 4);
    expect(describeLayers([{ ...dense, useBias: false }], 7).layers[0].parameters.trainable).toBe(7 * 8);
    expect(ofFirst({ id: "norm", kind: "layer-normalization" })).toBe(2);
  });

  it("of a bidirectional layer: twice its layer's", () => {
    const layer = { kind: "lstm", units: 5, returnSequences: true };
    expect(ofFirst({ id: "r", kind: "bidirectional", layer })).toBe(2 * 4 * 5 * (1 + 5 + 1));
  });
});

describe("a network that branches", () => {
  it("joins what it names: channels side by side, or sums of one shape", () => {
    const described = describeLayers([
      conv,
      { ...conv, id: "again" },
      { id: "sum", kind: "add", inputs: ["conv", "again"] },
      { id: "all", kind: "concatenate", inputs: ["input", "sum", "conv"] },
      flatten,
    ]);
    expect(problems(described)).toEqual(Array(5).fill(null));
    expect(shapes(described).slice(2, 4)).toEqual([
      [360, 4],
      [360, 1 + 4 + 4],
    ]);
    expect(described.layers[1].inputs).toEqual(["conv"]);
  });
});

describe("memory", () => {
  it("is four bytes a value, and what a recurrence keeps at each sample", () => {
    const described = describeLayers([
      { id: "r", kind: "lstm", units: 5, returnSequences: true },
      { id: "average", kind: "global-average-pooling-1d" },
    ]);
    // The output, four gates before and after their activation, the state; then the mean, and 14 classes.
    expect(described.layers.map(({ bytesPerBeat }) => bytesPerBeat)).toEqual([4 * 360 * 5 * (1 + 8 + 1), 4 * 5]);
    expect(described.bytesPerBeat).toBe(4 * 360 * 50 + 4 * 5 + 4 * 14);
  });
});

describe("a problem", () => {
  const cases: { name: string; layers: object[]; at: number; message: RegExp; window?: number }[] = [
    {
      name: "a convolution on a row",
      layers: [dense, conv, flatten],
      at: 1,
      message: /convolution expects a sequence.*row/,
    },
    {
      name: "pooling on a row",
      layers: [dense, { id: "pool", kind: "max-pooling-1d", poolSize: 2 }],
      at: 1,
      message: /Pooling expects a sequence/,
    },
    {
      name: "a recurrent layer on a row",
      layers: [conv, flatten, { id: "lstm", kind: "lstm", units: 4 }],
      at: 2,
      message: /recurrent layer expects a sequence/,
    },
    { name: "flatten on a row", layers: [dense, flatten], at: 1, message: /already a row/ },
    {
      name: "a window too short for pooling",
      layers: [
        { id: "a", kind: "max-pooling-1d", poolSize: 4 },
        { id: "b", kind: "max-pooling-1d", poolSize: 4 },
        flatten,
      ],
      at: 1,
      message: /2 samples here: too few for a pool of 4/,
      window: 11,
    },
    {
      name: "a window too short for a kernel",
      layers: [{ ...conv, padding: "valid", kernelSize: 12 }, flatten],
      at: 0,
      message: /11 samples here: too few for a kernel of 12/,
      window: 11,
    },
    {
      name: "an unknown input",
      layers: [{ ...dense, inputs: ["nobody"] }],
      at: 0,
      message: /“nobody” does not exist/,
    },
    {
      name: "a later layer as input",
      layers: [
        { ...dense, inputs: ["b"] },
        { ...dense, id: "b" },
      ],
      at: 0,
      message: /“b” is a later layer/,
    },
    {
      name: "a layer that takes itself",
      layers: [{ ...dense, inputs: ["dense"] }],
      at: 0,
      message: /its own output as input/,
    },
    { name: "an id given twice", layers: [dense, dense], at: 1, message: /Another layer has the same name, “dense”/ },
    {
      name: "an output that nobody uses",
      layers: [dense, { ...dense, id: "b", inputs: ["input"] }],
      at: 0,
      message: /No layer uses its output/,
    },
    {
      name: "different shapes to add",
      layers: [dense, { ...dense, id: "b", units: 9 }, { id: "sum", kind: "add", inputs: ["dense", "b"] }],
      at: 2,
      message: /different shapes \(8, 9\)/,
    },
    {
      name: "sequences of different lengths to join",
      layers: [{ ...conv, strides: 2 }, { id: "both", kind: "concatenate", inputs: ["input", "conv"] }, flatten],
      at: 1,
      message: /different lengths \(11, 6 samples\)/,
      window: 11,
    },
    {
      name: "a row and a sequence to join",
      layers: [conv, flatten, { id: "both", kind: "concatenate", inputs: ["conv", "flat"] }],
      at: 2,
      message: /row and a sequence/,
    },
    { name: "one input to add", layers: [dense, { id: "sum", kind: "add" }], at: 1, message: /two or more inputs/ },
    {
      name: "two inputs to a layer that takes one",
      layers: [dense, { ...dense, id: "b", inputs: ["input", "dense"] }],
      at: 1,
      message: /one input/,
    },
    {
      name: "the same input twice",
      layers: [dense, { id: "sum", kind: "add", inputs: ["dense", "dense"] }],
      at: 1,
      message: /same input twice/,
    },
    { name: "a sequence at the end", layers: [conv], at: 0, message: /must output a row/ },
    {
      name: "more parameters than fit",
      layers: [
        { ...dense, units: 16_384 },
        { ...dense, id: "b", units: 16_384 },
      ],
      at: 1,
      message: /too large.*100,000,000 parameters/,
    },
    {
      name: "an output that is too large",
      layers: [{ ...conv, filters: 16_384 }, { ...conv, id: "b", filters: 16_384, kernelSize: 1 }, flatten],
      at: 0,
      message: /too large: 66 MB for each beat/,
      window: 1000,
    },
  ];

  it.each(cases)("is reported at its layer: $name", ({ layers, at, message, window }) => {
    const described = describeLayers(layers, window);
    expect(described.sound).toBe(false);
    expect(problems(described)[at]).toMatch(message);
    // A problem is reported once: the layers that depend on it have no shape and no problem.
    expect(problems(described).filter((problem) => problem !== null)).toHaveLength(1);
  });
});
