/**
 * Fuzzes every parser of bytes and text from outside the process: each mutated example must give a value or an error of
 * the catalogue, within limits of time and memory. Prints one table; the exit status is 1 on any other outcome.
 *
 *     node bench/reliability/fuzz.ts                              all targets, each with its number of inputs
 *     node bench/reliability/fuzz.ts header frames --inputs 5000  two of them
 *     node bench/reliability/fuzz.ts header --seed 1 --case 4711  one input again, saved
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { counted } from "../../src/contract/text/format-number.ts";
import { printTable } from "./fuzz/print-table.ts";
import { runTarget, type TargetResult } from "./fuzz/run-target.ts";
import { findTarget, targets } from "./fuzz/targets/index.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: "string" },
    seed: { type: "string", default: "1" },
    case: { type: "string" },
    "save-to": { type: "string", default: join(tmpdir(), "ectopy-fuzz-findings") },
  },
});
const seed = Number(values.seed);
const one = values.case === undefined ? null : Number(values.case);
const chosen = positionals.length === 0 ? targets : positionals.map(findTarget);

const results: TargetResult[] = [];
for (const target of chosen) {
  const inputs = values.inputs === undefined ? target.inputs : Number(values.inputs);
  const [from, to] = one === null ? [0, inputs] : [one, one + 1];
  const result = await runTarget(target, {
    seed,
    from,
    to,
    saveTo: values["save-to"],
    onFinding: ({ number, what, path }) =>
      console.log(`${target.name}, case ${number}: ${what.slice(0, 300)}\n  saved in ${path}`),
  });
  results.push(result);
  console.log(`${target.name}: ${counted(result.inputs, "input")}, ${counted(result.findings.length, "finding")}`);
}
printTable(results);
process.exitCode = results.some(({ findings }) => findings.length > 0) ? 1 : 0;
