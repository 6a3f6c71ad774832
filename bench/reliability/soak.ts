/**
 * A soak: `ectopy serve` works for hours (import, prepare, train, compare, export, view, remove, repeat) while sockets
 * open and close. Memory, handles, threads and disk space are sampled every minute; none may grow.
 *
 *   node bench/reliability/soak.ts [--minutes 120] [--seed N] [--csv FILE]
 *
 * Linux only: samples come from /proc. Builds the app first if its sources are newer. Memory is read after a garbage
 * collection, which a module preloaded by the bench runs on a signal (soak/collect-garbage.ts); the product has no such
 * interface. Each sample is taken between two rounds. Exit status 1 if a value grows or a round fails.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatTable } from "../../src/main/cli/format.ts";
import { runSoak } from "./soak/run-soak.ts";
import { csvOf, judge } from "./soak/verdict.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "120" }, seed: { type: "string" }, csv: { type: "string" } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), "soak-"));
try {
  const end = Date.now() + minutes * 60_000;
  const soaked = await runSoak(folder, seed, {
    shouldContinue: () => Date.now() < end,
    sampleEveryMs: 60_000,
    say: (text) => void process.stderr.write(`${text}\n`),
  });
  const resources = judge(soaked.samples, minutes);
  const { rounds, failures } = soaked;
  console.log(`Soak: ${minutes} minutes, ${rounds} rounds, seed ${seed}`);
  const rows = resources.map(({ name, reference, end: last, most, verdict }) => [name, reference, last, most, verdict]);
  console.log(formatTable(["Resource", "At 10 minutes>", "End>", "Most>", "Verdict"], rows));
  console.log(`Rounds that failed: ${failures.length}. Temporary files left at the end: ${soaked.left.length}.`);
  for (const text of [...failures, ...soaked.left]) console.log(`  ${text}`);
  if (soaked.grownDescriptors.length > 0) console.log(`Descriptors: ${soaked.grownDescriptors.join("; ")}.`);
  if (values.csv !== undefined) writeFileSync(values.csv, csvOf(soaked.samples));
  const failed = resources.some(({ verdict }) => verdict === "grows");
  process.exitCode = failed || failures.length > 0 || soaked.left.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
