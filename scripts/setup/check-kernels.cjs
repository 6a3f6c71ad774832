/**
 * Loads TensorFlow and the addon given as argument; run as a separate process. Prints `works: <vectors>, <n> threads`.
 */
const util = require("node:util");

// tfjs-node 4.22 still calls these functions, which Node 23 removed.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

require("@tensorflow/tfjs-node-gpu");
const { target, threads } = require(process.argv[2]);
console.log(`works: ${target}, ${threads} threads`);
