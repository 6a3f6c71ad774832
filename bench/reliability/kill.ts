/**
 * Kill −9 at random moments of every operation that writes: import, preparation, training, export. Afterwards the
 * workspace must open with all its data and nothing incomplete, the repeated operation must give the undisturbed
 * result, and no file may be left over.
 *
 *   node bench/reliability/kill.ts [--rounds 200] [--seed N] [--first N] [--keep FOLDER] [OPERATION…]
 *
 * Linux only. Each round copies a prepared workspace, starts the real command line, and kills it with its children, or
 * it alone, or only the training process, at a moment drawn uniformly over the operation's duration. ECTOPY_PYTHON
 * names a Python with MLflow; without one, a stub replaces the server. `--first` repeats a round by its number;
 * `--keep` keeps each workspace with a finding as it was right after the kill. SIGTERM ends the bench after the current
 * round, with the table so far. Exit status 1 on any finding.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findingLines, tallyTable, type Tally } from "./findings.ts";
import { killRounds } from "./kill/kill-rounds.ts";
import { makeTemplate } from "./kill/template-workspace.ts";
import { operations } from "./kill/operations.ts";
import { startTracking } from "./kill/tracking-server.ts";
import { untilTerminated } from "./until-terminated.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string" },
    first: { type: "string", default: "1" },
    keep: { type: "string" },
  },
});
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const rounds = Number(values.rounds);
const shouldContinue = untilTerminated();
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), "kill-"));
const server = positionals.length === 0 || positionals.includes("mlflow-server") ? await startTracking(folder) : null;
try {
  const template = await makeTemplate(folder);
  const all = operations(template, server);
  const unknown = positionals.filter((given) => all.every(({ name }) => name !== given));
  if (unknown.length > 0) {
    throw new Error(
      `No operation is called ${unknown.join(", ")}. Operations: ${all.map(({ name }) => name).join(", ")}`,
    );
  }
  const chosen = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const tallies: Tally[] = [];
  for (const operation of chosen) {
    if (!shouldContinue()) break;
    const tally = await killRounds(operation, template, {
      seed,
      first: Number(values.first),
      rounds,
      keep: values.keep ?? null,
      shouldContinue,
      say,
    });
    tallies.push(tally);
  }
  for (const line of findingLines(tallies)) console.log(line);
  console.log(`Kill −9, ${rounds} rounds each, seed ${seed}${server ? `; MLflow server: ${server.name}` : ""}`);
  const kinds = ["lost", "not whole", "not equal", "leftovers", "failed"] as const;
  console.log(tallyTable(["Operation", "Kills", "Hit during"], kinds, tallies));
  process.exitCode = tallies.some(({ findings }) => findings.length > 0) ? 1 : 0;
} finally {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
}
