/** TensorFlow's raw operations that TF.js lacks, or composes of many operations. They need TensorFlow. */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { Precision } from "../../contract/domain/training.ts";
import { nodeBackend, type OpAttribute } from "./binding.ts";
import type { TensorFlow } from "./tensorflow.ts";

export type RawOps = ReturnType<typeof createRawOps>;

type Padding = "SAME" | "VALID";

/**
 * Returns the operations. Tensors are NHWC; a sequence [batch, time, channels] is passed as [batch, 1, time, channels].
 * @param precision number format of products: bfloat16 rounds factors and result to 8 bits of mantissa
 */
export function createRawOps(tf: TensorFlow, precision: Precision = "float32") {
  const backend = nodeBackend(tf);
  const { binding } = backend;
  const attribute = {
    type: (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_TYPE, value }),
    bool: (name: string, value: boolean): OpAttribute => ({ name, type: binding.TF_ATTR_BOOL, value }),
    int: (name: string, value: number | number[]): OpAttribute => ({ name, type: binding.TF_ATTR_INT, value }),
    float: (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_FLOAT, value }),
    string: (name: string, value: string): OpAttribute => ({ name, type: binding.TF_ATTR_STRING, value }),
  };
  const [float32, int32, bfloat16] = [1, 3, 14];
  const T = attribute.type("T", float32);
  const convolution = (padding: Padding, stride: number): OpAttribute[] => [
    attribute.int("strides", [1, 1, stride, 1]),
    attribute.bool("use_cudnn_on_gpu", true),
    attribute.string("data_format", "NHWC"),
    attribute.int("explicit_paddings", []),
    attribute.int("dilations", [1, 1, 1, 1]),
    attribute.string("padding", padding),
  ];
  const normalisation = (epsilon: number): OpAttribute[] => [
    T,
    attribute.type("U", float32),
    attribute.float("epsilon", epsilon),
    attribute.string("data_format", "NHWC"),
    attribute.bool("is_training", true),
  ];
  const one = (op: string, attributes: OpAttribute[], ...inputs: Tensor[]): Tensor =>
    backend.executeSingleOutput(op, attributes, inputs);

  /** TF.js has no bfloat16: such tensors exist as handles of the binding, between two casts. */
  const cast = (from: number, to: number): OpAttribute[] => [
    attribute.type("SrcT", from),
    attribute.type("DstT", to),
    attribute.bool("Truncate", false),
  ];
  /** Computes a product in the chosen precision, with a float32 result. */
  const product = (op: string, attributes: OpAttribute[], ...inputs: Tensor[]): Tensor => {
    if (precision === "float32") return one(op, [T, ...attributes], ...inputs);
    // Read again, because a recorder replaces the binding.
    const { binding } = backend;
    const made: number[] = [];
    const run = (name: string, given: OpAttribute[], ids: number[]): number => {
      const [{ id }] = binding.executeOp(name, given, ids, 1);
      made.push(id);
      return id;
    };
    const ids = backend
      .getInputTensorIds(inputs)
      .map((id, i) => (inputs[i].dtype === "float32" ? run("Cast", cast(float32, bfloat16), [id]) : id));
    const result = run(op, [attribute.type("T", bfloat16), ...attributes], ids);
    const [handle] = binding.executeOp("Cast", cast(bfloat16, float32), [result], 1);
    for (const id of made) binding.deleteTensor(id);
    return backend.createOutputTensor(handle);
  };

  const random = (op: string, shape: number[], seed: Tensor): Tensor => {
    const types = [attribute.type("dtype", float32), attribute.type("T", int32), attribute.type("Tseed", int32)];
    return one(op, types, tf.tensor1d(shape, "int32"), seed);
  };

  return {
    /** aᵀ or a, times bᵀ or b. */
    matMul: (a: Tensor, b: Tensor, transposeA = false, transposeB = false) =>
      product("MatMul", [attribute.bool("transpose_a", transposeA), attribute.bool("transpose_b", transposeB)], a, b),
    biasAdd: (x: Tensor, bias: Tensor) => one("BiasAdd", [T, attribute.string("data_format", "NHWC")], x, bias),
    /** Sums over all axes but the last. */
    biasAddGrad: (dy: Tensor) => one("BiasAddGrad", [T, attribute.string("data_format", "NHWC")], dy),
    relu: (x: Tensor) => one("Relu", [T], x),
    /** Computed from the output, so that the input of a ReLU need not be kept. */
    reluGrad: (dy: Tensor, y: Tensor) => one("ReluGrad", [T], dy, y),

    elu: (x: Tensor) => one("Elu", [T], x),
    eluGrad: (dy: Tensor, y: Tensor) => one("EluGrad", [T], dy, y),
    selu: (x: Tensor) => one("Selu", [T], x),
    seluGrad: (dy: Tensor, y: Tensor) => one("SeluGrad", [T], dy, y),
    tanh: (x: Tensor) => one("Tanh", [T], x),
    tanhGrad: (dy: Tensor, y: Tensor) => one("TanhGrad", [T], y, dy),
    sigmoid: (x: Tensor) => one("Sigmoid", [T], x),
    sigmoidGrad: (dy: Tensor, y: Tensor) => one("SigmoidGrad", [T], y, dy),
    erf: (x: Tensor) => one("Erf", [T], x),

    /** @param stride along time */
    conv2d: (x: Tensor, kernel: Tensor, padding: Padding, stride: number) =>
      product("Conv2D", convolution(padding, stride), x, kernel),
    conv2dInputGrad: (x: Tensor, kernel: Tensor, dy: Tensor, padding: Padding, stride: number) =>
      product("Conv2DBackpropInput", convolution(padding, stride), tf.tensor1d(x.shape, "int32"), kernel, dy),
    conv2dKernelGrad: (x: Tensor, kernel: Tensor, dy: Tensor, padding: Padding, stride: number) =>
      product("Conv2DBackpropFilter", convolution(padding, stride), x, tf.tensor1d(kernel.shape, "int32"), dy),

    /**
     * Normalises over all axes but the last of a 4-D tensor.
     * @returns y, batch mean, batch variance (unbiased), and three tensors for the gradient
     */
    batchNorm: (x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number) => {
      const none = tf.zeros([0]);
      const attributes = [...normalisation(epsilon), attribute.float("exponential_avg_factor", 1)];
      return backend.executeMultipleOutputs("FusedBatchNormV3", attributes, [x, gamma, beta, none, none], 6);
    },
    /** @returns gradients of x, gamma and beta */
    batchNormGrad: (dy: Tensor, x: Tensor, gamma: Tensor, reserved: Tensor[], epsilon: number) =>
      backend
        .executeMultipleOutputs("FusedBatchNormGradV3", normalisation(epsilon), [dy, x, gamma, ...reserved], 5)
        .slice(0, 3),

    /** @returns loss of each row, and its gradient with respect to the logits */
    sparseSoftmaxCrossEntropy: (logits: Tensor, truth: Tensor): [Tensor, Tensor] => {
      const attributes = [T, attribute.type("Tlabels", int32)];
      const [loss, gradient] = backend.executeMultipleOutputs(
        "SparseSoftmaxCrossEntropyWithLogits",
        attributes,
        [logits, truth],
        2,
      );
      return [loss, gradient];
    },

    /** Uniform numbers in [0, 1), determined by the seed: two int32. */
    statelessUniform: (shape: number[], seed: Tensor) => random("StatelessRandomUniform", shape, seed),
    /** Normal numbers of mean 0 and deviation 1, determined by the seed: two int32. */
    statelessNormal: (shape: number[], seed: Tensor) => random("StatelessRandomNormal", shape, seed),
  };
}
