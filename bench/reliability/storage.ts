/**
 * Faults of the storage: a damaged database, a full disk, a read-only disk, deleted folders, flipped bits. No stored
 * data may be lost, no damage may go unseen, and a repeated operation must give the same result.
 *
 *   node bench/reliability/storage.ts [--rounds 200] [--seed N] [--first N] [--keep FOLDER] [FAULT…]
 *
 * Linux only: the small disks are mounts in a separate namespace, which needs `unshare` and `nsenter`. `--rounds`
 * applies to the damaged database, whose rounds take a tenth of a second; the other faults, which start the command
 * line several times, get a tenth of it. `--first` repeats a round by its number; `--keep` keeps each workspace with a
 * finding as the fault left it. SIGTERM ends the bench after the current round, with the table so far. Exit status 1 on
 * any finding.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findingLines, findingKinds, tallyTable, type Tally } from "./findings.ts";
import { faults, faultRounds } from "./storage/faults.ts";
import { makeStored } from "./storage/stored-workspace.ts";
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
const rounds = Number(values.rounds);
const shouldContinue = untilTerminated();
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), "storage-"));
try {
  const stored = await makeStored(folder);
  const tallies: Tally[] = [];
  for (const fault of faults.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    const tally = await faultRounds(fault, stored, {
      seed,
      first: Number(values.first),
      rounds: fault.quick ? rounds : Math.ceil(rounds / 10),
      keep: values.keep ?? null,
      shouldContinue,
      say: (text) => void process.stderr.write(`${text}\n`),
    });
    tallies.push(tally);
  }
  for (const line of findingLines(tallies)) console.log(line);
  console.log(`Storage faults, seed ${seed}`);
  console.log(tallyTable(["Fault", "Rounds", "Met"], findingKinds, tallies));
  process.exitCode = tallies.some(({ findings }) => findings.length > 0) ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
