/** What an ensemble is and what its metrics mean, in sentences. */

/** @param runs number of members */
export function ensembleNote(runs: number): string {
  return `The ensemble is one model of ${runs} networks: its metrics have no SD, and are no mean of the single runs' metrics.`;
}

/** Returns the runs of an ensemble with their seeds: `runs 3, 4, 5 (seeds 42, 43, 44)`. */
export function membersText(members: readonly { run: number; seed: number }[]): string {
  return `runs ${members.map(({ run }) => run).join(", ")} (seeds ${members.map(({ seed }) => seed).join(", ")})`;
}

/** What became of a member, as text; empty: it is stored. */
export const memberStates = { stored: "", "in-bin": "in the bin", deleted: "deleted" } as const;
