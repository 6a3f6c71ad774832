/** Faults of the storage, and their rounds. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { randomStream } from "../../../src/pipeline/random.ts";
import { copyFolder } from "../copy-folder.ts";
import { count, emptyTally, type Tally } from "../findings.ts";
import { damagedDatabase } from "./damaged-database.ts";
import { deletedFolder, deletedWorkspace } from "./deleted.ts";
import type { Fault } from "./fault.ts";
import { flippedBit } from "./flipped-bit.ts";
import { fullDisk, readOnlyDisk } from "./small-disk.ts";
import type { StoredWorkspace } from "./stored-workspace.ts";

export const faults: readonly Fault[] = [
  { name: "damaged-database", quick: true, meet: damagedDatabase },
  { name: "full-disk", quick: false, meet: fullDisk },
  { name: "read-only-disk", quick: false, meet: readOnlyDisk },
  { name: "deleted-workspace", quick: false, meet: deletedWorkspace },
  { name: "deleted-folder", quick: false, meet: deletedFolder },
  { name: "flipped-bit", quick: false, meet: flippedBit },
];

export interface FaultPlan {
  seed: number;
  rounds: number;
  /** Number of the first round; 1 unless one is repeated. */
  first: number;
  /** Folder for workspaces that show a finding; null: none is kept. */
  keep: string | null;
  /** Asked before each round. */
  shouldContinue: () => boolean;
  say: (text: string) => void;
}

export async function faultRounds(fault: Fault, stored: StoredWorkspace, plan: FaultPlan): Promise<Tally> {
  const tally = emptyTally(fault.name);
  for (let round = plan.first; round < plan.first + plan.rounds && plan.shouldContinue(); round++) {
    const aside = plan.keep === null ? null : join(plan.keep, `${fault.name}-${plan.seed}-${round}`);
    const keep = (): void => {
      if (aside === null) return;
      mkdirSync(dirname(aside), { recursive: true });
      copyFolder(stored.round, aside);
    };
    const random = randomStream(plan.seed, fault.name, round);
    const outcome = await fault.meet({ stored, random, round, keep });
    if (outcome === null) {
      plan.say(`${fault.name}: this system does not let it happen`);
      break;
    }
    count(tally, round, outcome.met, outcome.findings);
    if (aside !== null && outcome.findings.length === 0) rmSync(aside, { recursive: true, force: true });
  }
  return tally;
}
