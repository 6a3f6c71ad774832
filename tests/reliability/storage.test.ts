/** Random storage faults; `bench/reliability/storage.ts` runs two hundred of the first. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findingLines } from "../../bench/reliability/findings.ts";
import { faultRounds, faults } from "../../bench/reliability/storage/faults.ts";
import { makeStored, type StoredWorkspace } from "../../bench/reliability/storage/stored-workspace.ts";
import { NO_PRIVATE_MOUNT } from "../support/private-mount.ts";
import { NO_PROC, randomSeed } from "../support/random-seed.ts";

const seed = randomSeed();
const QUICK_ROUNDS = 10;

describe(`storage faults, seed ${seed}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "ectopy storage-"));
  let stored: StoredWorkspace;
  beforeAll(async () => {
    if (process.platform === "linux") stored = await makeStored(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.for(faults)("$name: loses no stored data, and detects all damage", async (fault, ctx) => {
    if (process.platform !== "linux") return ctx.skip(NO_PROC);
    const first = 1 + (seed % 100);
    const plan = {
      seed,
      first,
      rounds: fault.quick ? QUICK_ROUNDS : 1,
      keep: null,
      shouldContinue: () => true,
      say: () => {},
    };
    const tally = await faultRounds(fault, stored, plan);
    if (tally.rounds === 0) return ctx.skip(NO_PRIVATE_MOUNT);
    expect(findingLines([tally])).toEqual([]);
  });
});
