/** A fault of the storage, and the arguments of its rounds. */
import type { RandomStream } from "../../../src/pipeline/random.ts";
import type { Finding } from "../findings.ts";
import type { StoredWorkspace } from "./stored-workspace.ts";

export interface FaultRound {
  stored: StoredWorkspace;
  random: RandomStream;
  /** Number of the round, from 1 on. */
  round: number;
  /** Copies the round's folder as the fault left it, for a round with findings. */
  keep: () => void;
}

export interface Fault {
  name: string;
  /** Whether a round takes less than a second. */
  quick: boolean;
  /** @returns the circumstance of the round as a short text; null if the system does not support the fault */
  meet: (round: FaultRound) => Promise<{ met: string; findings: Finding[] } | null>;
}
