/**
 * Kills three random operations twice at random moments with SIGKILL; `bench/reliability/kill.ts` kills each
 * two hundred times.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findingLines, type Tally } from "../../bench/reliability/findings.ts";
import { killRounds } from "../../bench/reliability/kill/kill-rounds.ts";
import { makeTemplate } from "../../bench/reliability/kill/template-workspace.ts";
import { operations } from "../../bench/reliability/kill/operations.ts";
import { startTracking, type TrackingServer } from "../../bench/reliability/kill/tracking-server.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { NO_PROC, randomSeed } from "../support/random-seed.ts";

const seed = randomSeed();
const OPERATIONS = 3;
const KILLS_PER_OPERATION = 2;

describe(`kill -9, seed ${seed}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "ectopy kill-"));
  let server: TrackingServer;
  beforeAll(async () => {
    server = await startTracking(folder, false);
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("loses no data, leaves no partial results, and gives the same result when repeated", async (ctx) => {
    if (process.platform !== "linux") ctx.skip(NO_PROC);
    const template = await makeTemplate(folder);
    const remaining = operations(template, server);
    const random = randomStream(seed, "operations");
    const tallies: Tally[] = [];
    for (let drawn = 0; drawn < OPERATIONS; drawn++) {
      const [operation] = remaining.splice(random.below(remaining.length), 1);
      const plan = {
        seed,
        first: 1,
        rounds: KILLS_PER_OPERATION,
        keep: null,
        shouldContinue: () => true,
        say: () => {},
      };
      tallies.push(await killRounds(operation, template, plan));
    }
    expect(findingLines(tallies)).toEqual([]);
    expect(tallies.reduce((sum, { rounds }) => sum + rounds, 0)).toBe(OPERATIONS * KILLS_PER_OPERATION);
  });
});
