/** A few rounds of a soak test; `bench/reliability/soak.ts` runs for hours. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { runSoak } from "../../bench/reliability/soak/run-soak.ts";
import { NO_PROC, randomSeed } from "../support/random-seed.ts";

const seed = randomSeed();
const ROUNDS = 3;
const folder = mkdtempSync(join(tmpdir(), "ectopy soak-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(`leaks no handles, threads, processes and temporary files from round to round (seed ${seed})`, async (ctx) => {
  if (process.platform !== "linux") return ctx.skip(NO_PROC);
  const soaked = await runSoak(folder, seed, {
    shouldContinue: (rounds) => rounds < ROUNDS,
    sampleEveryMs: 0,
    say: () => {},
  });
  expect(soaked.failures).toEqual([]);
  expect(soaked.left).toEqual([]);
  expect(soaked.samples).toHaveLength(ROUNDS);
  const held = soaked.samples.map(({ handles, threads, children, temporary }) => ({
    handles,
    threads,
    children,
    temporary,
  }));
  // The first round starts threads that remain.
  for (const later of held.slice(1)) expect(later).toEqual(held[1]);
  expect(held.at(-1)).toMatchObject({ children: 0, temporary: 0 });
});
