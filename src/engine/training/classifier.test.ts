/** Classification of a recording: the same whole and in pieces, and the same as a training's evaluation. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { NetworkShape } from "../../contract/domain/networks.ts";
import { allPresets } from "../../contract/settings/network-presets.ts";
import { randomStream } from "../../pipeline/random.ts";
import { initialWeights } from "../networks/initial-weights.ts";
import { weightsOf } from "../networks/layer-weights.ts";
import { classifyRows, createClassifier, fitReference, type Classifier, type RecordingRows } from "./classifier.ts";
import { loadProcessor } from "./load-engine.ts";
import { predict } from "./predict.ts";
import type { LoadedPreparation } from "./preparation-files.ts";

const BEATS = 90;
const FEATURES = 5;
const SEQUENCE = { before: 8, after: 8 };
const shape: NetworkShape = { windowLength: 144, channels: 4, features: FEATURES, steps: 17, classes: 3 };
const spec = allPresets["rhythm-and-shape"];

const random = randomStream(7, "classifier");
const features = Float32Array.from({ length: BEATS * FEATURES }, () => random.normal());
const rows: RecordingRows = {
  beats: BEATS,
  widths: { beats: 0, features: FEATURES },
  sequence: SEQUENCE,
  read: (_, from, to) => features.slice(from * FEATURES, to * FEATURES),
};
const numbers = Uint32Array.from({ length: BEATS }, (_, i) => i);
const preparation: LoadedPreparation = {
  labels: ["N", "S", "V"],
  featureNames: [],
  shape,
  source: {
    length: 0,
    realCount: BEATS,
    values: new Float32Array(0),
    classes: Uint8Array.from(numbers, (i) => i % 3),
    recipe: { base: new Uint32Array(0), neighbour: new Uint32Array(0), lambda: new Float32Array(0) },
    features: { values: features, count: FEATURES },
    sequence: { ...SEQUENCE, records: new Uint32Array(BEATS) },
  },
  sets: { train: numbers.subarray(0, 60), validation: numbers.subarray(60), test: numbers },
};

let classifier: Classifier;
beforeAll(() => {
  const weights = initialWeights(weightsOf(spec, shape), 3);
  classifier = createClassifier(loadProcessor(), { spec, shape, weights });
});

describe("classification of a recording", () => {
  it("gives the probabilities that an evaluation gives the same beats", async () => {
    const { probabilities } = await predict(classifier, preparation.source, numbers, () => Promise.resolve());
    expect((await classifyRows(classifier, rows, null)).probabilities).toEqual(probabilities);
  });

  it("gives a beat of a sequence the same probabilities and distance whole and in pieces of any size", async () => {
    const reference = await fitReference(classifier, preparation);
    const whole = await classifyRows(classifier, rows, reference);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: BEATS + 5 }), async (block) => {
        expect(await classifyRows(classifier, rows, reference, { block })).toEqual(whole);
      }),
      { seed: 5, numRuns: 15 },
    );
  });

  it("fits a reference from which validation beats are nearer than beats of other features", async () => {
    const reference = await fitReference(classifier, preparation);
    const far = {
      ...rows,
      read: (_: string, from: number, to: number) => rows.read("features", from, to).map((x) => x + 40),
    };
    const near = await classifyRows(classifier, rows, reference);
    const unlike = await classifyRows(classifier, far, reference);
    expect(Math.min(...unlike.distances!)).toBeGreaterThan(Math.max(...near.distances!));
    expect(near.distances!.slice(60).filter((distance) => distance > reference.threshold)).toHaveLength(0);
  });
});
