/**
 * Training as one graph: a step is recorded once for each batch size, and then executed as a whole.
 *
 * Weights and optimizer slots are variables of the graph. Values that change from step to step (batch, mask seed,
 * learning rate, clipping limit) are fed. Any other value that differs between two recordings is a leak, such as a
 * frozen random number, and is refused.
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { ClippingSettings } from "../../contract/domain/optimization.ts";
import { randomStream } from "../../pipeline/random.ts";
import type { LayerContext } from "../layers/layer-context.ts";
import { batchLoss, type CrossEntropy } from "./loss.ts";
import type { TensorNetwork } from "../layers/network.ts";
import type { Network } from "../networks/network.ts";
import { rowsOf } from "../networks/wiring.ts";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { clipGradients } from "../optimizers/clipping.ts";
import { createOptimizer } from "../optimizers/create-optimizer.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import {
  clippingLimit,
  lossWeights,
  maskSeed,
  type Batch,
  type StepSettings,
  type TrainingStep,
} from "./training-step.ts";
import { after, dtypes, float32, GraphBuilder, type Output } from "../graph/graph-builder.ts";
import { openGraph, type Feed } from "../graph/graph-session.ts";
import { record, type Recorder } from "../graph/recorder.ts";

export interface GraphTraining {
  /** The same network; its weights are variables of the graph. */
  network: Network;
  step: TrainingStep;
}

/** Sizes that are recorded. No other size can be executed. */
export interface GraphSizes {
  /** Beats of a training step: the full batch, and the last batch of an epoch. */
  batches: readonly number[];
  /** Beats predicted at once. Smaller inputs are padded with zeros. */
  prediction: number;
}

export interface GraphTrainingOptions {
  /** The network op by op. The graph begins with its weights, and disposes it. */
  network: TensorNetwork;
  crossEntropy: CrossEntropy;
  context: LayerContext;
  settings: StepSettings;
  sizes: GraphSizes;
}

/**
 * Records the training step and the prediction of a network as one graph.
 * @throws Error where a value would be frozen into it
 */
export function createGraphTraining(
  tf: TensorFlow,
  { network: eager, crossEntropy, context, settings, sizes }: GraphTrainingOptions,
): GraphTraining {
  const optimizer = createOptimizer(settings.optimizer);
  const clipping = settings.clipping.kind;
  const variables = namedVariables(eager, optimizer);
  const graph = new GraphBuilder();
  const recordAll = (into: GraphBuilder, trial: number): void => {
    const weights = declareWeights(into, eager, optimizer);
    const fed = declareFeeds(into, optimizer);
    const recording = { tf, graph: into, eager, context, weights };
    for (const batch of new Set(sizes.batches)) {
      recordStep({ ...recording, crossEntropy, optimizer, clipping, fed }, batch, trial);
    }
    recordPrediction(recording, sizes.prediction, trial);
    addTransfers(into, weights, variables);
  };
  recordAll(graph, 0);
  const again = new GraphBuilder();
  recordAll(again, 1);
  refuseLeaks(graph, again);

  const session = openGraph(tf, graph);
  const set = (kind: "weights" | "slots", values: readonly Float32Array[]): void => {
    session.run(
      variables[kind].map(({ name, shape }, i): Feed => ({ name: `set/${name}`, shape, values: values[i] })),
      [`set-${kind}`],
    );
  };
  const get = (kind: "weights" | "slots"): Float32Array[] =>
    session.run(
      [],
      variables[kind].map(({ name }) => `get/${name}`),
    ) as Float32Array[];
  const zeros = variables.slots.map(({ shape }) => new Float32Array(shape.reduce((a, b) => a * b, 1)));
  set("weights", eager.weights());
  set("slots", zeros);

  let steps = 0;
  const network: Network = {
    ...eager,
    weights: () => get("weights"),
    setWeights: (values) => set("weights", values),
    probabilities: (inputs) => predict(session, inputs, eager, sizes.prediction),
    dispose: () => {
      session.dispose();
      eager.dispose();
    },
  };
  const step: TrainingStep = {
    run({ inputs, classes, weights }, learningRate) {
      const batch = classes.length;
      steps++;
      const numbers = Object.entries(optimizer.numbers(steps, learningRate));
      const [result] = session.run(
        [
          ...eager.inputsWithShapes.map(({ id, shape }, i): Feed => ({
            name: `${id}/${batch}`,
            shape: [batch, ...shape],
            values: inputs[i],
          })),
          { name: `classes/${batch}`, shape: [batch], values: classes },
          { name: `row-weights/${batch}`, shape: [batch], values: lossWeights(weights) },
          { name: "masks", shape: [2], values: maskSeed(settings.seed, steps - 1) },
          { name: "clipping-limit", shape: [], values: Float32Array.of(clippingLimit(settings.clipping)) },
          ...numbers.map(([name, value]): Feed => ({ name, shape: [], values: Float32Array.of(value) })),
        ],
        [`step/${batch}`],
      );
      return { loss: result[0], correct: result[1] };
    },
    state: () => ({ steps, slots: get("slots") }),
    restore(state) {
      steps = state.steps;
      set("slots", state.slots);
    },
    // The session holds everything, and the network disposes it.
    dispose: () => {},
  };
  return { network, step };
}

interface Weight {
  tensor: Tensor;
  handle: Output;
  /** Optimizer slots; null for weights that are not trained. */
  slots: readonly Output[] | null;
}

interface Fed {
  masks: Output;
  clippingLimit: Output;
  /** Numbers of the optimizer, by name. */
  numbers: Record<string, Output>;
}

interface NamedVariable {
  name: string;
  shape: number[];
}

/** Returns the graph's variables: weights in the network's order, and the slots of each trainable weight. */
function namedVariables(
  { trainable, moving }: TensorNetwork,
  optimizer: Optimizer,
): Record<"weights" | "slots", NamedVariable[]> {
  return {
    weights: [...trainable, ...moving].map(({ shape }, i) => ({ name: `weight/${i}`, shape })),
    slots: trainable.flatMap(({ shape }, i) => optimizer.slots.map((slot) => ({ name: `${slot}/${i}`, shape }))),
  };
}

function declareWeights(graph: GraphBuilder, { trainable, moving }: TensorNetwork, optimizer: Optimizer): Weight[] {
  return [...trainable, ...moving].map((tensor, i) => ({
    tensor,
    handle: graph.variable(`weight/${i}`, tensor.shape),
    slots: i < trainable.length ? optimizer.slots.map((slot) => graph.variable(`${slot}/${i}`, tensor.shape)) : null,
  }));
}

function declareFeeds(graph: GraphBuilder, optimizer: Optimizer): Fed {
  const scalar = (name: string): Output => graph.placeholder(name, dtypes.float32, []);
  return {
    masks: graph.placeholder("masks", dtypes.int32, [2]),
    clippingLimit: scalar("clipping-limit"),
    numbers: Object.fromEntries(Object.keys(optimizer.numbers(1, 1)).map((name) => [name, scalar(name)])),
  };
}

interface PredictionRecording {
  tf: TensorFlow;
  graph: GraphBuilder;
  eager: TensorNetwork;
  context: LayerContext;
  weights: readonly Weight[];
}

interface StepRecording extends PredictionRecording {
  crossEntropy: CrossEntropy;
  optimizer: Optimizer;
  clipping: ClippingSettings["kind"];
  fed: Fed;
}

/**
 * Adds `step/N`: loss and number of correct predictions of a batch of N, available once every weight has been updated.
 */
function recordStep(
  { tf, graph, eager, crossEntropy, context, weights, optimizer, clipping, fed }: StepRecording,
  batch: number,
  trial: number,
): void {
  const before = eager.weights();
  tf.tidy(() => {
    const example = randomBatch(eager, batch, trial);
    const tensors = {
      inputs: eager.inputs(example.inputs),
      truth: tf.tensor1d(example.classes, "int32"),
      weights: tf.tensor1d(example.weights),
    };
    const seed = tf.tensor1d(maskSeed(trial, 0), "int32");
    const limit = tf.scalar(1 + trial);
    const reads = weights.map(({ handle }) => graph.read(handle));
    const known: [Tensor, Output][] = [
      ...weights.map(({ tensor }, i): [Tensor, Output] => [tensor, reads[i]]),
      ...eager.inputsWithShapes.map(({ id, shape }, i): [Tensor, Output] => [
        tensors.inputs[i],
        graph.placeholder(`${id}/${batch}`, dtypes.float32, [batch, ...shape]),
      ]),
      [tensors.truth, graph.placeholder(`classes/${batch}`, dtypes.int32, [batch])],
      [tensors.weights, graph.placeholder(`row-weights/${batch}`, dtypes.float32, [batch])],
      [seed, fed.masks],
      [limit, fed.clippingLimit],
    ];
    recordLayers(tf, { graph, known, context }, (recorder) => {
      let hits: Tensor | undefined;
      const { value, grads } = tf.variableGrads(() => {
        const { loss, correct } = batchLoss(tf, {
          network: eager,
          crossEntropy,
          batch: tensors,
          seed,
          context,
        });
        hits = tf.keep(tf.cast(correct, "float32"));
        return loss;
      }, eager.trainable);
      const result = recorder.outputOf(tf.stack([value, hits!]));
      hits!.dispose();
      const given = eager.trainable.map(({ name }) => grads[name]);
      const gradients = clipGradients(tf, given, clipping, limit);
      // No weight is updated before all weights have been read.
      const afterReads = [...reads.map(after), after(result)];
      const updates = weights.map(({ tensor, handle, slots }, i) =>
        slots === null
          ? graph.assign(handle, recorder.outputOf(tensor), after(reads[i]))
          : optimizer.addUpdate(
              graph,
              { handle, value: reads[i], slots, after: afterReads },
              recorder.outputOf(gradients[i]),
              fed.numbers,
            ),
      );
      graph.resultAfter(`step/${batch}`, result, dtypes.float32, updates);
    });
  });
  // The recording has changed the eager network's moving means and variances.
  eager.setWeights(before);
}

/** Adds `probabilities` of the beats that are predicted at once. */
function recordPrediction(
  { tf, graph, eager, context, weights }: PredictionRecording,
  size: number,
  trial: number,
): void {
  tf.tidy(() => {
    const inputs = eager.inputs(randomBatch(eager, size, trial).inputs);
    const known: [Tensor, Output][] = [
      ...weights.map(({ tensor, handle }): [Tensor, Output] => [tensor, graph.read(handle)]),
      ...eager.inputsWithShapes.map(({ id, shape }, i): [Tensor, Output] => [
        inputs[i],
        graph.placeholder(`prediction/${id}`, dtypes.float32, [size, ...shape]),
      ]),
    ];
    recordLayers(tf, { graph, known, context }, (recorder) => {
      const softmax = recorder.outputOf(tf.softmax(eager.logits(inputs, false)));
      graph.resultAfter("probabilities", softmax, dtypes.float32, []);
    });
  });
}

interface RecordedGraph {
  graph: GraphBuilder;
  /** Tensors with their outputs in the graph. */
  known: readonly (readonly [Tensor, Output])[];
  context: LayerContext;
}

/** Records with the recorder in the layers' context. */
function recordLayers(
  tf: TensorFlow,
  { graph, known, context }: RecordedGraph,
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

/**
 * Adds `set-weights` and `set-slots` (from feeds `set/NAME`), and `get/NAME` for each variable.
 *
 * A variable gets a copy of the fed tensor. A fed tensor may be the memory of a JavaScript array. The next step would
 * change that array, or release it on one of TensorFlow's threads, where Node's list of references is not safe to use.
 */
function addTransfers(
  graph: GraphBuilder,
  weights: readonly Weight[],
  variables: ReturnType<typeof namedVariables>,
): void {
  const done = graph.scalar(0);
  const handles = {
    weights: weights.map(({ handle }) => handle),
    slots: weights.flatMap(({ slots }) => slots ?? []),
  };
  for (const kind of ["weights", "slots"] as const) {
    const sets = variables[kind].map(({ name, shape }, i) => {
      const handle = handles[kind][i];
      graph.resultAfter(`get/${name}`, graph.read(handle), dtypes.float32, []);
      const fed = graph.placeholder(`set/${name}`, dtypes.float32, shape);
      return graph.assign(handle, graph.add("DeepCopy", [fed], { T: float32 }));
    });
    graph.resultAfter(`set-${kind}`, done, dtypes.float32, sets);
  }
}

/**
 * Refuses a constant that differs between two recordings of the same step: it came from outside the graph and would be
 * frozen.
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
  inputs: readonly Float32Array[],
  network: TensorNetwork,
  size: number,
): Float32Array {
  const { classes } = network.shape;
  const beats = rowsOf(inputs, network.inputsWithShapes);
  if (beats > size) throw new RangeError(`The graph predicts at most ${size} beats at once; it got ${beats}.`);
  const feeds = network.inputsWithShapes.map(({ id, shape, size: width }, i): Feed => {
    const filled = beats === size ? inputs[i] : new Float32Array(size * width);
    if (filled !== inputs[i]) filled.set(inputs[i]);
    return { name: `prediction/${id}`, shape: [size, ...shape], values: filled };
  });
  const [probabilities] = session.run(feeds, ["probabilities"]);
  return (probabilities as Float32Array).subarray(0, beats * classes);
}

function randomBatch({ shape, inputsWithShapes: inputs }: TensorNetwork, batch: number, trial: number): Batch {
  const random = randomStream(trial, "recording");
  return {
    weights: Float32Array.from({ length: batch }, () => random.uniform()),
    inputs: inputs.map(({ size }) => Float32Array.from({ length: batch * size }, () => random.normal())),
    classes: Int32Array.from({ length: batch }, () => random.below(shape.classes)),
  };
}
