/** Runs handed over to a tracking server: however often that is killed, the server has one run in the end, with all that belongs to it. */
import type { Finding } from "../findings.ts";
import type { Outside } from "./operation.ts";
import type { TrackingServer } from "./tracking-server.ts";

/** Each attempt has an experiment of its own. */
export function experimentOf(attempt: number): string {
  return `Attempt ${attempt}`;
}

export function handedOver(server: TrackingServer): Outside {
  let wanted: string | null = null;
  const compared = async (attempt: number): Promise<Finding[]> => {
    const runs = await server.runs(experimentOf(attempt));
    if (runs.length !== 1) return [{ kind: "not whole", text: `the server has ${runs.length} runs` }];
    wanted ??= runs[0];
    return runs[0] === wanted ? [] : [{ kind: "not equal", text: `the server has ${runs[0]} instead of ${wanted}` }];
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
