/**
 * A trained network that classifies recordings: it predicts block by block, by the same functions as a training's
 * evaluation, and measures how far each beat is from the training beats (src/pipeline/evaluation/novelty.ts).
 */
import type { NetworkShape, NetworkSpec } from "../../contract/domain/networks.ts";
import { defaultTraining } from "../../contract/settings/defaults.ts";
import type { ExampleSource } from "../../pipeline/beats/batches.ts";
import { distances, fitNovelty, type HiddenRows, type NoveltyReference } from "../../pipeline/evaluation/novelty.ts";
import type { Backend } from "../backends/backend.ts";
import type { Network } from "../networks/network.ts";
import { inputsUsedBy } from "../networks/wiring.ts";
import { batchFiller, type FillBatch } from "./fill-batch.ts";
import { createPlanTraining } from "./plan-training.ts";
import type { LoadedPreparation } from "./preparation-files.ts";
import { predict } from "./predict.ts";

export interface Classifier {
  network: Network;
  fillBatch: FillBatch;
}

/** Loads a trained network. @param weights in the network's order */
export function createClassifier(
  backend: Backend,
  { spec, shape, weights }: { spec: NetworkSpec; shape: NetworkShape; weights: readonly Float32Array[] },
): Classifier {
  const { optimizer, clipping, seed } = defaultTraining(spec);
  const { network } = createPlanTraining(backend, {
    ...{ network: spec, shape, batches: [1], keepsHidden: true },
    settings: { optimizer, clipping, seed },
  });
  network.setWeights(weights);
  return { network, fillBatch: batchFiller(backend, spec) };
}

/** Beats of a recording as a network gets them, in order of time. */
export interface RecordingRows {
  /** Number of beats. */
  beats: number;
  /** Values of a beat in `beats`, and in `features`; 0: the recording has none of them. */
  widths: { beats: number; features: number };
  /** Neighbours in a sequence; absent: none. */
  sequence?: { before: number; after: number } | undefined;
  /** Returns rows `from` to `to` − 1. */
  read: (table: "beats" | "features", from: number, to: number) => Float32Array;
}

export interface ClassifiedRows {
  /** Beats × classes, as the network gives them. */
  probabilities: Float32Array;
  /** Distance of each beat from the training beats; null without a reference. */
  distances: Float32Array | null;
}

/** Beats that are read at once: a day has some 100,000. */
const BLOCK_BEATS = 4096;

/**
 * Classifies the beats of a recording. The blocks change no result: a block also reads the neighbours of its beats.
 * @param between called after each chunk with the number of classified beats; may wait, or throw to stop
 */
export async function classifyRows(
  { network, fillBatch }: Classifier,
  rows: RecordingRows,
  reference: NoveltyReference | null,
  {
    between = () => Promise.resolve(),
    block = BLOCK_BEATS,
  }: {
    between?: (done: number) => Promise<void>;
    block?: number;
  } = {},
): Promise<ClassifiedRows> {
  const { classes } = network.shape;
  const probabilities = new Float32Array(rows.beats * classes);
  const far = reference && new Float32Array(rows.beats);
  for (let from = 0; from < rows.beats; from += block) {
    const to = Math.min(rows.beats, from + block);
    const { source, examples } = blockOf(network, rows, from, to);
    let done = 0;
    const watched = onHidden(network, (hidden, beats) => {
      if (reference !== null && far !== null) {
        far.set(distances({ values: hidden, width: hidden.length / beats }, reference), from + done);
      }
      done += beats;
    });
    const predicted = await predict({ network: watched, fillBatch }, source, examples, (count) =>
      between(from + count),
    );
    probabilities.set(predicted.probabilities, from * classes);
  }
  return { probabilities, distances: far };
}

/** Returns some beats with their neighbours, and the numbers of the beats among them. */
function blockOf(
  { spec }: Network,
  { beats, widths, sequence, read }: RecordingRows,
  from: number,
  to: number,
): { source: ExampleSource; examples: Uint32Array } {
  const first = Math.max(0, from - (sequence?.before ?? 0));
  const end = Math.min(beats, to + (sequence?.after ?? 0));
  const count = end - first;
  const used = inputsUsedBy(spec);
  const none = new Uint32Array(0);
  const source: ExampleSource = {
    realCount: count,
    recipe: { base: none, neighbour: none, lambda: new Float32Array(0) },
    classes: new Uint8Array(count),
    length: widths.beats,
    values: used.includes("input") ? read("beats", first, end) : new Float32Array(0),
    ...(widths.features > 0 && { features: { values: read("features", first, end), count: widths.features } }),
    ...(sequence && { sequence: { ...sequence, records: new Uint32Array(count) } }),
  };
  return { source, examples: Uint32Array.from({ length: to - from }, (_, i) => from - first + i) };
}

/** Training beats of a class, validation beats, and hidden outputs in all, that a reference is fitted to. */
const MAX_CLASS_BEATS = 500;
const MAX_VALIDATION_BEATS = 5000;
const MAX_HIDDEN_FLOATS = 2 ** 24;

/** Fits the reference to beats of the preparation that the network was trained on. */
export async function fitReference(
  { network, fillBatch }: Classifier,
  { source, sets }: LoadedPreparation,
): Promise<NoveltyReference> {
  const one = await hiddenOf({ network, fillBatch }, source, sets.validation.subarray(0, 1));
  const limit = Math.floor(MAX_HIDDEN_FLOATS / one.width);
  // Synthetic beats are no measure of what real beats look like.
  const real = sets.train.filter((example) => example < source.realCount);
  const training = someOfEach(real.length > 0 ? real : sets.train, source.classes, limit);
  const validation = spread(sets.validation, Math.min(limit, MAX_VALIDATION_BEATS));
  return fitNovelty(
    await hiddenOf({ network, fillBatch }, source, training),
    Array.from(training, (example) => source.classes[example]),
    await hiddenOf({ network, fillBatch }, source, validation),
  );
}

async function hiddenOf(
  { network, fillBatch }: Classifier,
  source: ExampleSource,
  examples: Uint32Array,
): Promise<HiddenRows> {
  let values = new Float32Array(0);
  let width = 0;
  let done = 0;
  const watched = onHidden(network, (hidden, beats) => {
    if (done === 0) {
      width = hidden.length / beats;
      values = new Float32Array(examples.length * width);
    }
    values.set(hidden, done * width);
    done += beats;
  });
  await predict({ network: watched, fillBatch }, source, examples, () => Promise.resolve());
  return { values, width };
}

/** Returns the network, which passes on the outputs of its last hidden layer after each prediction. */
function onHidden(network: Network, receive: (hidden: Float32Array, beats: number) => void): Network {
  return {
    ...network,
    probabilities(inputs) {
      const predicted = network.probabilities(inputs);
      receive(network.hidden!(), predicted.length / network.shape.classes);
      return predicted;
    },
  };
}

/** Returns examples at equal distances in the set. */
function spread(examples: Uint32Array, count: number): Uint32Array {
  if (examples.length <= count) return examples;
  return Uint32Array.from({ length: count }, (_, i) => examples[Math.floor((i * examples.length) / count)]);
}

/** Returns up to {@link MAX_CLASS_BEATS} examples of each class, at most `limit` in all. */
function someOfEach(examples: Uint32Array, classes: Uint8Array, limit: number): Uint32Array {
  const numbers = [...new Set(Array.from(examples, (example) => classes[example]))];
  const each = Math.max(1, Math.min(MAX_CLASS_BEATS, Math.floor(limit / numbers.length)));
  return Uint32Array.from(
    numbers.flatMap((number) => [
      ...spread(
        examples.filter((example) => classes[example] === number),
        each,
      ),
    ]),
  );
}
