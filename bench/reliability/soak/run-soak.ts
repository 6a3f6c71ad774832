/** Runs a server round after round and samples its resources. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startApp } from "../../../tests/support/app.ts";
import { measure, openDescriptors, temporaryEntries, type Sample } from "./measure.ts";
import { soakRound } from "./round.ts";

export interface SoakPlan {
  /** Called before each round; false ends the soak. @param rounds finished rounds */
  shouldContinue: (rounds: number) => boolean;
  sampleEveryMs: number;
  say: (text: string) => void;
}

export interface Soaked {
  samples: Sample[];
  rounds: number;
  /** Failures of rounds. */
  failures: string[];
  /** Kinds of descriptors of which more were open at the end than at the first sample: which, and how many more. */
  grownDescriptors: string[];
  /** Files in the temporary folder after the server's end. */
  left: string[];
}

/** Time for work of a round that ends shortly after its answer, in ms. */
const SETTLING_MS = 1500;
/** Number of failed rounds after which the soak ends. */
const MAX_FAILURES = 20;

/** @param folder empty; for the workspace, exports and temporary files */
export async function runSoak(folder: string, seed: number, plan: SoakPlan): Promise<Soaked> {
  const temporary = join(folder, "temporary");
  const memoryFile = join(folder, "memory.json");
  mkdirSync(temporary);
  const preload = fileURLToPath(new URL("./collect-garbage.ts", import.meta.url));
  const app = await startApp(folder, 0, {
    TMPDIR: temporary,
    ECTOPY_SOAK_MEMORY: memoryFile,
    NODE_OPTIONS: `--import=${preload}`,
  });
  const of = { pid: app.pid, memoryFile, workspace: join(folder, "workspace"), temporary };
  const soaked: Soaked = { samples: [], rounds: 0, failures: [], grownDescriptors: [], left: [] };
  let first: Map<string, number> | undefined;
  const began = Date.now();
  const sample = async (): Promise<void> => {
    await setTimeout(SETTLING_MS);
    const minute = (Date.now() - began) / 60_000;
    const taken = { minute: Math.round(minute * 100) / 100, rounds: soaked.rounds, ...(await measure(of)) };
    soaked.samples.push(taken);
    first ??= openDescriptors(of.pid);
    plan.say(JSON.stringify(taken));
  };
  try {
    let next = began + plan.sampleEveryMs;
    while (plan.shouldContinue(soaked.rounds) && soaked.failures.length < MAX_FAILURES) {
      try {
        await soakRound({
          url: app.url,
          cookie: app.cookie,
          exports: join(folder, "exports"),
          seed,
          round: soaked.rounds,
        });
      } catch (error) {
        soaked.failures.push(`Round ${soaked.rounds}: ${error instanceof Error ? error.stack : String(error)}`);
        plan.say(soaked.failures.at(-1)!);
      }
      soaked.rounds++;
      if (Date.now() < next) continue;
      await sample();
      next = Math.max(next + plan.sampleEveryMs, Date.now());
    }
    if (soaked.samples.length === 0) await sample();
    soaked.grownDescriptors = [...openDescriptors(of.pid)].flatMap(([kind, count]) => {
      const more = count - (first?.get(kind) ?? 0);
      return more > 0 ? [`${kind}: ${more} more`] : [];
    });
  } finally {
    await app.stop();
  }
  soaked.left = temporaryEntries(of);
  return soaked;
}
