/**
 * Runs every fuzz target briefly at a random seed. bench/reliability/fuzz.ts runs longer, and repeats a single case.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { randomSeed } from "../support/random-seed.ts";
import { runTarget } from "../../bench/reliability/fuzz/run-target.ts";
import { targets } from "../../bench/reliability/fuzz/targets/index.ts";

const INPUTS = 300;
/** Targets whose inputs may end a worker thread, which is then started again. */
const FEW_INPUTS = 30;
const seed = randomSeed();
const saveTo = mkdtempSync(join(tmpdir(), "ectopy-fuzz-findings-"));

it.each(targets.map((target) => ({ name: target.name, target })))(
  `$name gives a value or an error of the catalogue for each input, seed ${seed}`,
  async ({ target }) => {
    const to = target.endsThreads === true ? FEW_INPUTS : INPUTS;
    const { inputs, findings } = await runTarget(target, { seed, from: 0, to, saveTo });
    expect(findings).toEqual([]);
    expect(inputs).toBe(to);
  },
);
