/** Some beats of many, taken evenly from all recordings, to be drawn over one another and to take a mean of. Each asked for once. */
import { onScopeDispose, shallowReactive } from "vue";
import { client } from "../../../api/client.ts";
import { meanBeat } from "./mean-beat.ts";

export interface BeatSample {
  beats: Float32Array[];
  /** Class numbers. */
  truths: number[];
  mean: Float32Array | null;
}

/** More would hide one another. */
export const SAMPLED = 200;

/**
 * @returns a sample of the beats of these classes (null: any), of which there are so many; null until it is there. What fails is
 * no more than a line that is not drawn: the list beside it says why.
 */
export function useBeatSamples(
  run: number,
): (truth: number | null, predicted: number | null, of: number) => BeatSample | null {
  const samples = shallowReactive(new Map<string, BeatSample>());
  const asked = new Set<string>();
  let left = false;
  onScopeDispose(() => (left = true));

  const load = async (key: string, truth: number | null, predicted: number | null, of: number): Promise<void> => {
    const every = Math.max(1, Math.ceil(of / SAMPLED));
    try {
      const { beats, values, windowLength } = await client.call("comparison.beats", {
        run,
        query: { truth, predicted, order: "record", every, from: 0, count: SAMPLED },
      });
      if (left) return;
      const rows = beats.map((_, i) => values.subarray(i * windowLength, (i + 1) * windowLength));
      samples.set(key, { beats: rows, truths: beats.map((beat) => beat.truth), mean: meanBeat(rows) });
    } catch {
      asked.delete(key);
    }
  };
  return (truth, predicted, of) => {
    const key = JSON.stringify([truth, predicted]);
    if (of > 0 && !asked.has(key)) {
      asked.add(key);
      void load(key, truth, predicted, of);
    }
    return samples.get(key) ?? null;
  };
}
