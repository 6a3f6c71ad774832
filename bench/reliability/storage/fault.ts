/** A fault of the storage, and what a round of it gets. */
import type { RandomStream } from "../../../src/pipeline/random.ts";
import type { Finding } from "../findings.ts";
import type { StoredWorkspace } from "./stored-workspace.ts";

export interface FaultRound {
  stored: StoredWorkspace;
  random: RandomStream;
  /** Counts up from 1. */
  round: number;
  /** Keeps the round's folder as the fault left it, to be looked at where the round finds something. */
  keep: () => void;
}

export interface Fault {
  name: string;
  /** Whether a round takes a moment only. */
  quick: boolean;
  /** @returns what the round met, in a few words; null where the system does not let it happen */
  meet: (round: FaultRound) => Promise<{ met: string; findings: Finding[] } | null>;
}
