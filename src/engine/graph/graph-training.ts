/**
 * Training as one graph: a step is recorded once for each size of batch, and then run whole.
 *
 * The weights live in the graph. What changes from step to step (the batch, the masks' seed, the learning rate) is fed; what
 * else would differ between two recordings is a leak, such as a frozen random number, and is refused.
 */
import type { Tensor, Tensor1D } from "@tensorflow/tfjs-node-gpu";
import { randomStream } from "../../pipeline/random.ts";
import type { LayerContext } from "../layers/layer-context.ts";
import { batchLoss, partSizes, type CrossEntropy } from "../loss.ts";
import type { Network } from "../network.ts";
import { inputShape } from "../networks.ts";
import type { TensorFlow } from "../tensorflow.ts";
import { maskSeed, type StepSettings, type TrainingStep } from "../training-step.ts";
import { after, dtypes, GraphBuilder, float32, type Output } from "./graph-builder.ts";
import { openGraph, type Feed } from "./graph-session.ts";
import { record, type Recorder } from "./recorder.ts";

export interface GraphTraining {
  /** The same network, its weights in the graph. */
  network: Network;
  step: TrainingStep;
}

/** Sizes that are recorded; no other can be run. */
export interface GraphSizes {
  /** Beats of a training step: full batches, and what is left at the end of an epoch. */
  batches: readonly number[];
  /** Beats predicted at once; fewer are filled up with zeros. */
  prediction: number;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

/** @param eager the network as the library runs it; its weights are the first ones, and it is disposed with the graph */
export function createGraphTraining(
  tf: TensorFlow,
  eager: Network,
  crossEntropy: CrossEntropy,
  context: LayerContext,
  settings: StepSettings,
  sizes: GraphSizes,
): GraphTraining {
  const graph = new GraphBuilder();
  const recordAll = (into: GraphBuilder, trial: number): void => {
    const weights = declareWeights(into, eager);
    const fed = declareFeeds(into);
    for (const batch of new Set(sizes.batches)) {
      recordStep({ tf, graph: into, eager, crossEntropy, context, parts: settings.parts, weights, fed }, batch, trial);
    }
    recordPrediction({ tf, graph: into, eager, context, parts: settings.parts, weights }, sizes.prediction, trial);
    addTransfers(into, weights);
  };
  recordAll(graph, 0);
  const again = new GraphBuilder();
  recordAll(again, 1);
  refuseLeaks(graph, again);

  const session = openGraph(tf, graph);
  const all = [...eager.trainable, ...eager.moving];
  const setWeights = (values: readonly Float32Array[]): void => {
    const feeds = all.map(({ shape }, i): Feed => ({ name: `set/${i}`, shape, values: values[i] }));
    session.run(feeds, ["set"]);
  };
  setWeights(eager.weights());
  session.run([], ["reset"]);

  let steps = 0;
  const network: Network = {
    ...eager,
    weights: () =>
      session.run(
        [],
        all.map((_, i) => `get/${i}`),
      ) as Float32Array[],
    setWeights,
    probabilities: (values) => predict(session, values, eager, sizes.prediction),
    dispose: () => {
      session.dispose();
      eager.dispose();
    },
  };
  const step: TrainingStep = {
    run(values, classes) {
      const batch = classes.length;
      steps++;
      const [result] = session.run(
        [
          { name: `values/${batch}`, shape: inputShapeOf(eager, batch), values },
          { name: `classes/${batch}`, shape: [batch], values: classes },
          { name: "masks", shape: [2], values: maskSeed(settings.seed, steps - 1) },
          { name: "learning-rate", shape: [], values: Float32Array.of(settings.learningRate) },
          { name: "beta1-power", shape: [], values: Float32Array.of(BETA1 ** steps) },
          { name: "beta2-power", shape: [], values: Float32Array.of(BETA2 ** steps) },
        ],
        [`step/${batch}`],
      );
      return { loss: result[0], correct: result[1] };
    },
    // All of it belongs to the session, which ends with the network.
    dispose: () => {},
  };
  return { network, step };
}

interface Weight {
  tensor: Tensor;
  handle: Output;
  /** Adam's means of the gradient and of its square; none for what is not trained. */
  slots: readonly [Output, Output] | null;
}

interface Fed {
  masks: Output;
  learningRate: Output;
  beta1Power: Output;
  beta2Power: Output;
}

function declareWeights(graph: GraphBuilder, { trainable, moving }: Network): Weight[] {
  return [...trainable, ...moving].map((tensor, i) => ({
    tensor,
    handle: graph.variable(`weight/${i}`, tensor.shape),
    slots:
      i < trainable.length
        ? [graph.variable(`mean/${i}`, tensor.shape), graph.variable(`square/${i}`, tensor.shape)]
        : null,
  }));
}

function declareFeeds(graph: GraphBuilder): Fed {
  return {
    masks: graph.placeholder("masks", dtypes.int32, [2]),
    learningRate: graph.placeholder("learning-rate", dtypes.float32, []),
    beta1Power: graph.placeholder("beta1-power", dtypes.float32, []),
    beta2Power: graph.placeholder("beta2-power", dtypes.float32, []),
  };
}

interface PredictionRecording {
  tf: TensorFlow;
  graph: GraphBuilder;
  eager: Network;
  context: LayerContext;
  parts: number;
  weights: readonly Weight[];
}

interface StepRecording extends PredictionRecording {
  crossEntropy: CrossEntropy;
  fed: Fed;
}

/** Adds `step/N`: loss and right answers of a batch of N, given out when every weight has been changed. */
function recordStep(
  { tf, graph, eager, crossEntropy, context, parts, weights, fed }: StepRecording,
  batch: number,
  trial: number,
): void {
  const before = eager.weights();
  tf.tidy(() => {
    const example = randomBatch(eager, batch, trial);
    const values = tf.tensor(example.values, inputShapeOf(eager, batch));
    const truth: Tensor1D = tf.tensor1d(example.classes, "int32");
    const seed = tf.tensor1d(maskSeed(trial, 0), "int32");
    const reads = weights.map(({ handle }) => graph.read(handle));
    const known: [Tensor, Output][] = [
      ...weights.map(({ tensor }, i): [Tensor, Output] => [tensor, reads[i]]),
      [values, graph.placeholder(`values/${batch}`, dtypes.float32, inputShapeOf(eager, batch))],
      [truth, graph.placeholder(`classes/${batch}`, dtypes.int32, [batch])],
      [seed, fed.masks],
    ];
    recordLayers(tf, graph, known, context, (recorder) => {
      let hits: Tensor | undefined;
      const { value, grads } = tf.variableGrads(() => {
        const { loss, correct } = batchLoss(tf, eager, crossEntropy, values, truth, parts, seed, context);
        hits = tf.keep(tf.cast(correct, "float32"));
        return loss;
      }, eager.trainable);
      const result = recorder.outputOf(tf.stack([value, hits!]));
      hits!.dispose();
      const settings = [
        fed.beta1Power,
        fed.beta2Power,
        fed.learningRate,
        ...[BETA1, BETA2, EPSILON].map((v) => graph.scalar(v)),
      ];
      const updates = weights.map(({ tensor, handle, slots }, i) => {
        if (slots === null) return graph.assign(handle, recorder.outputOf(tensor), after(reads[i]));
        const gradient = recorder.outputOf(grads[eager.trainable[i].name]);
        // Nothing is changed before everything has been read.
        return graph.add(
          "ResourceApplyAdam",
          [handle, ...slots, ...settings, gradient, ...reads.map(after), after(result)],
          { T: float32, use_locking: { kind: "bool", value: false }, use_nesterov: { kind: "bool", value: false } },
        );
      });
      graph.resultAfter(`step/${batch}`, result, dtypes.float32, updates);
    });
  });
  // Recording has moved the eager network's means and variances.
  eager.setWeights(before);
}

/** Adds `probabilities`, of as many beats as are predicted at once. */
function recordPrediction(
  { tf, graph, eager, context, parts, weights }: PredictionRecording,
  size: number,
  trial: number,
): void {
  tf.tidy(() => {
    const values = tf.tensor(randomBatch(eager, size, trial).values, inputShapeOf(eager, size));
    const known: [Tensor, Output][] = [
      ...weights.map(({ tensor, handle }): [Tensor, Output] => [tensor, graph.read(handle)]),
      [values, graph.placeholder("prediction-values", dtypes.float32, inputShapeOf(eager, size))],
    ];
    recordLayers(tf, graph, known, context, (recorder) => {
      const pieces = tf.split(values, partSizes(size, parts)).map((part) => eager.logits(part, false));
      const softmax = recorder.outputOf(tf.softmax(tf.concat(pieces)));
      graph.resultAfter("probabilities", softmax, dtypes.float32, []);
    });
  });
}

/** Records, the layers knowing that they are being recorded. */
function recordLayers(
  tf: TensorFlow,
  graph: GraphBuilder,
  known: readonly (readonly [Tensor, Output])[],
  context: LayerContext,
  work: (recorder: Recorder) => void,
): void {
  record(tf, graph, known, (recorder) => {
    context.recorder = recorder;
    try {
      work(recorder);
    } finally {
      context.recorder = null;
    }
  });
}

/** Adds `set` (weights from feeds), `get/i` and `reset` (the optimizer's state to 0). */
function addTransfers(graph: GraphBuilder, weights: readonly Weight[]): void {
  const done = graph.scalar(0);
  const sets = weights.map(({ tensor, handle }, i) => {
    graph.resultAfter(`get/${i}`, graph.read(handle), dtypes.float32, []);
    return graph.assign(handle, graph.placeholder(`set/${i}`, dtypes.float32, tensor.shape));
  });
  graph.resultAfter("set", done, dtypes.float32, sets);
  const resets = weights.flatMap(({ tensor, slots }) => {
    if (slots === null) return [];
    const zeros = graph.zeros(tensor.shape);
    return slots.map((slot) => graph.assign(slot, zeros));
  });
  graph.resultAfter("reset", done, dtypes.float32, resets);
}

/**
 * A constant that differs between two recordings of the same step came from outside the graph and would be frozen into it.
 * @throws Error naming the constant
 */
function refuseLeaks(one: GraphBuilder, other: GraphBuilder): void {
  if (one.size !== other.size) throw new Error(`Two recordings differ: ${one.size} and ${other.size} nodes.`);
  one.constants.forEach(({ name, bytes, of }, i) => {
    if (Buffer.compare(bytes, other.constants[i].bytes) === 0) return;
    throw new Error(`${name} (${of}) differs between two recordings: it would be frozen into the graph.`);
  });
}

function predict(
  session: ReturnType<typeof openGraph>,
  values: Float32Array,
  network: Network,
  size: number,
): Float32Array {
  const { windowLength, classes } = network.shape;
  const beats = values.length / windowLength;
  if (beats > size) throw new RangeError(`${beats} beats at once, where the graph takes ${size}`);
  const filled = beats === size ? values : new Float32Array(size * windowLength);
  if (filled !== values) filled.set(values);
  const [probabilities] = session.run(
    [{ name: "prediction-values", shape: inputShapeOf(network, size), values: filled }],
    ["probabilities"],
  );
  return (probabilities as Float32Array).subarray(0, beats * classes);
}

function randomBatch({ shape }: Network, batch: number, trial: number): { values: Float32Array; classes: Int32Array } {
  const random = randomStream(trial, "recording");
  return {
    values: Float32Array.from({ length: batch * shape.windowLength }, () => random.normal()),
    classes: Int32Array.from({ length: batch }, () => random.below(shape.classes)),
  };
}

function inputShapeOf({ name, shape }: Network, batch: number): number[] {
  return [batch, ...inputShape(name, shape.windowLength)];
}
