/** Runs exported to a tracking server: after any number of kills, the server has one complete run in the end. */
import type { Finding } from "../findings.ts";
import type { Outside } from "./operation.ts";
import type { TrackingServer } from "./tracking-server.ts";

/** Each attempt has a separate MLflow experiment. */
export function experimentOf(attempt: number): string {
  return `Attempt ${attempt}`;
}

export function trackedRuns(server: TrackingServer): Outside {
  let expected: string | null = null;
  const compared = async (attempt: number): Promise<Finding[]> => {
    const runs = await server.runs(experimentOf(attempt));
    if (runs.length !== 1) return [{ kind: "not whole", text: `the server has ${runs.length} runs` }];
    expected ??= runs[0];
    return runs[0] === expected
      ? []
      : [{ kind: "not equal", text: `the server has ${runs[0]} instead of ${expected}` }];
  };
  return {
    prepare: () => {},
    remember: async (_place, attempt) => {
      const [different] = await compared(attempt);
      if (different) throw new Error(`Two undisturbed exports differ: ${different.text}`);
    },
    // What a server gets bit by bit shows bit by bit, as a run that is under way.
    afterKill: () => [],
    afterAgain: (_place, attempt) => compared(attempt),
  };
}
