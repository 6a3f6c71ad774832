/**
 * Loads the addon that is named, next to TensorFlow; run as a process of its own. Prints `works: <vectors>, <n> threads`.
 */
const util = require("node:util");

// tfjs-node 4.22 still calls these, which left Node with version 23.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

require("@tensorflow/tfjs-node-gpu");
const { target, threads } = require(process.argv[2]);
console.log(`works: ${target}, ${threads} threads`);
