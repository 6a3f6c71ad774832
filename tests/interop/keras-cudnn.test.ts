/**
 * Compares the weights for cuDNN and the call of its operation with Keras' layers, which use both on every NVIDIA GPU.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addCudnnBackward, addCudnnForward, packWeights, unpackWeights } from "../../src/engine/graph/cudnn-ops.ts";
import { dtypes, GraphBuilder, type Output } from "../../src/engine/graph/graph-builder.ts";
import { openGraph, type Feed } from "../../src/engine/graph/graph-session.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { decodeFloats, encodeFloats } from "../support/floats.ts";
import { askPython, python } from "../support/python.ts";

const SHAPE = { time: 5, batch: 3, channels: 4, units: 6 };

/**
 * Keras' functions for cuDNN and TensorFlow's gradient. The operation is replaced by one that only records its inputs:
 * the graph is built and never run.
 */
const SCRIPT = `
import base64, json, os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import numpy as np, tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2
import importlib, keras
rnn = importlib.import_module("keras.src.backend.tensorflow.rnn")

case = json.load(sys.stdin)
decode = lambda text, shape: np.frombuffer(base64.b64decode(text), "<f4").reshape(shape)
time, batch, channels, units = (case[name] for name in ("time", "batch", "channels", "units"))
kernel, recurrent, bias = (decode(w["values"], w["shape"]) for w in case["weights"])
# On a build for CUDA, which this one is not, Keras puts a GRU's gates into cuDNN's order.
tf.sysconfig.get_build_info = lambda: {"is_cuda_build": True, "is_rocm_build": False}
calls = []
real = tf.raw_ops.CudnnRNNV3
def kept(**given):
    calls.append(given)
    return real(**given)
tf.raw_ops.CudnnRNNV3 = kept

with tf.Graph().as_default() as graph:
    x, zeros = tf.zeros([time, batch, channels]), tf.zeros([batch, units])
    weights = [tf.constant(w) for w in (kernel, recurrent, bias)]
    shared = dict(mask=None, time_major=True, go_backwards=False, return_sequences=True)
    if case["cell"] == "lstm":
        last, outputs, _ = rnn._cudnn_lstm(x, zeros, zeros, *weights, **shared)
    else:
        last, outputs, _ = rnn._cudnn_gru(x, zeros, *weights, **shared)
    tf.gradients([tf.reduce_sum(outputs) + tf.reduce_sum(last)], [x, *weights])
    packing = tf.compat.v1.graph_util.extract_sub_graph(graph.as_graph_def(), [calls[0]["params"].op.name])
# Without the operation, which can't run here.
with tf.Graph().as_default():
    [packed] = tf.import_graph_def(packing, return_elements=[calls[0]["params"].name])
    params = tf.compat.v1.Session().run(packed)

def told(graph):
    nodes = {node.name: node for node in graph.as_graph_def().node}
    def of(op):
        node = next(node for node in nodes.values() if node.op == op)
        attributes = ("T", "rnn_mode", "input_mode", "direction", "dropout", "num_proj", "time_major", "is_training")
        inputs = [name.partition(":") for name in node.input if not name.startswith("^")]
        fromForward = [int(k or 0) if nodes[name].op == "CudnnRNNV3" else -1 for name, _, k in inputs]
        return {"attributes": {k: str(node.attr[k]).strip() for k in attributes if k in node.attr}, "fromForward": fromForward}
    return [of("CudnnRNNV3"), of("CudnnRNNBackpropV3")]

saved = saved_model_pb2.SavedModel.FromString(open(case["folder"] + "/saved_model.pb", "rb").read())
with tf.Graph().as_default() as ours:
    tf.import_graph_def(saved.meta_graphs[0].graph_def, name="")
json.dump({"params": base64.b64encode(np.ascontiguousarray(params, "<f4").tobytes()).decode(),
           "keras": told(graph), "ours": told(ours)}, sys.stdout)
`;

interface RecordedCall {
  attributes: Record<string, string>;
  /** Index of the operation's output that each input of the gradient is; -1: none. */
  fromForward: number[];
}

interface Answer {
  /** Weights as Keras packs them. */
  params: string;
  /** The operation and its gradient. */
  keras: RecordedCall[];
  ours: RecordedCall[];
}

let loaded: LoadedTensorFlow;
let folder: string;
beforeAll(async () => {
  loaded = await loadTensorFlow("test");
  folder = mkdtempSync(join(tmpdir(), "ectopy-keras-cudnn-"));
});
beforeEach((ctx) => {
  if (python === undefined) ctx.skip("the Python tools are missing: `npm run setup -- python` installs them");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a recurrent layer by cuDNN", () => {
  it.for(["lstm", "gru"] as const)("is called as Keras calls it: %s", async (cell) => {
    const { time, batch, channels, units } = SHAPE;
    const columns = (cell === "lstm" ? 4 : 3) * units;
    const shapes = [[channels, columns], [units, columns], cell === "lstm" ? [columns] : [2, columns]];
    const random = randomStream(2, cell);
    const weights = shapes.map((shape) => ({
      shape,
      values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => random.normal()),
    }));

    const given = (graph: GraphBuilder) =>
      weights.map(({ shape }, i) => graph.placeholder(`weight/${i}`, dtypes.float32, shape)) as [
        Output,
        Output,
        Output,
      ];

    const whole = new GraphBuilder();
    const forward = addCudnnForward(whole, cell, SHAPE, {
      x: whole.zeros([time, batch, channels]),
      weights: given(whole),
      training: true,
    });
    addCudnnBackward(whole, cell, SHAPE, forward, { ofAll: whole.zeros([time, batch, units]) });
    whole.save(folder);
    const question = {
      ...SHAPE,
      cell,
      folder,
      weights: weights.map(({ shape, values }) => ({ shape, values: encodeFloats(values) })),
    };
    const answer = await askPython<Answer>(SCRIPT, question);
    expect(answer.ours).toEqual(answer.keras);
    expect(answer.keras[1]?.fromForward).toEqual([-1, -1, -1, -1, -1, 0, 1, 2, -1, -1, -1, 3, 4]);
    expect(answer.keras[1]?.attributes["rnn_mode"]).toContain(cell);

    // All but the operation itself, which can't run without a GPU.
    const packing = new GraphBuilder();
    const packed = packWeights(packing, cell, SHAPE, given(packing));
    packing.resultAfter("packed", packed, dtypes.float32, []);
    unpackWeights(packing, cell, SHAPE, packed).forEach((part, i) => {
      packing.resultAfter(`unpacked/${i}`, part, dtypes.float32, []);
    });
    const session = openGraph(loaded.tf, packing);
    const feeds = weights.map(({ shape, values }, i): Feed => ({ name: `weight/${i}`, shape, values }));
    const [ours, ...unpacked] = session.run(feeds, ["packed", "unpacked/0", "unpacked/1", "unpacked/2"]);
    session.dispose();
    expect(ours).toEqual(decodeFloats(answer.params));
    expect(unpacked).toEqual(weights.map(({ values }) => values));
  });
});
