/** Samples of test beats by class, taken evenly from all recordings, with their mean. Each sample is requested once. */
import { onScopeDispose, shallowReactive } from "vue";
import { client } from "../../../api/client.ts";
import { meanBeat } from "../../../components/beats/mean-beat.ts";

export interface BeatSample {
  beats: Float32Array[];
  /** Class numbers. */
  truths: number[];
  mean: Float32Array | null;
}

/** More lines in one plot would hide each other. */
const MAX_SAMPLED_BEATS = 200;

/**
 * Returns a function that gives a sample of the beats of two classes (null: any), null before it is loaded. `of` is
 * their number. A failed request leaves out a line of the plot: the list beside it shows the error.
 */
export function useBeatSamples(
  run: number,
): (truth: number | null, predicted: number | null, of: number) => BeatSample | null {
  const samples = shallowReactive(new Map<string, BeatSample>());
  const requested = new Set<string>();
  let isDisposed = false;
  onScopeDispose(() => (isDisposed = true));

  const load = async (key: string, truth: number | null, predicted: number | null, of: number): Promise<void> => {
    const every = Math.max(1, Math.ceil(of / MAX_SAMPLED_BEATS));
    try {
      const { beats, values, windowLength } = await client.call("comparison.beats", {
        run,
        query: { truth, predicted, order: "record", every, from: 0, count: MAX_SAMPLED_BEATS },
      });
      if (isDisposed) return;
      const rows = beats.map((_, i) => values.subarray(i * windowLength, (i + 1) * windowLength));
      samples.set(key, { beats: rows, truths: beats.map((beat) => beat.truth), mean: meanBeat(rows) });
    } catch {
      requested.delete(key);
    }
  };
  return (truth, predicted, of) => {
    const key = JSON.stringify([truth, predicted]);
    if (of > 0 && !requested.has(key)) {
      requested.add(key);
      void load(key, truth, predicted, of);
    }
    return samples.get(key) ?? null;
  };
}
