/**
 * Loads TensorFlow's binding and multiplies two matrices; run as a separate process. Prints `works: TensorFlow
 * <version> on <CPU or GPU>`.
 */
const util = require("node:util");

// tfjs-node 4.22 still calls these functions, which Node 23 removed.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

const tf = require("@tensorflow/tfjs-node-gpu");

const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2]));
const values = Array.from(product.dataSync()).join();
if (tf.getBackend() !== "tensorflow" || values !== "19,22,43,50") {
  throw new Error(`backend ${tf.getBackend()}: the product of two matrices is wrong (${values})`);
}
const { binding, isUsingGpuDevice } = tf.backend();
console.log(`works: TensorFlow ${binding.TF_Version} on ${isUsingGpuDevice ? "GPU" : "CPU"}`);
