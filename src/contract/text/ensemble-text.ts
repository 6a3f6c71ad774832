/** What an ensemble's metrics mean, in one sentence. */

/** @param runs number of members */
export function ensembleNote(runs: number): string {
  return `The ensemble is one model of ${runs} networks: its metrics have no SD, and are no mean of the single runs' metrics.`;
}
