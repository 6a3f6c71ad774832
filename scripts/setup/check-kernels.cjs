/** Loads the engine's addon; run as a separate process. Argument: its path. Prints `works: <vectors>, <n> threads`. */
const [addon] = process.argv.slice(2);
const { target, threads } = require(addon);
console.log(`works: ${target}, ${threads} threads`);
