/**
 * Loads the engine, and TensorFlow with its operations if they are given; run as a separate process. Arguments: the
 * engine's addon, then that of TensorFlow's operations. Prints `works: <vectors>, <n> threads`.
 */
const util = require("node:util");

// tfjs-node 4.22 still calls these functions, which Node 23 removed.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

const [engine, operations] = process.argv.slice(2);
const { target, threads } = require(engine);
if (operations !== undefined) {
  require("@tensorflow/tfjs-node-gpu");
  require(operations);
}
console.log(`works: ${target}, ${threads} threads`);
