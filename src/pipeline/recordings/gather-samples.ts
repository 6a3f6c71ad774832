/** Gathers the blocks of a recording in memory: with 16 bits a sample where all fit, else with 32. */
import { MISSING_SAMPLE, MISSING_WIDE_SAMPLE, type Signal } from "../../contract/domain/recordings.ts";
import { MISSING_VALUE, type RecordingSource, type SampleBlock } from "./source.ts";

/** Largest absolute value of a sample that 16 bits hold beside {@link MISSING_SAMPLE}. */
const NARROW_LIMIT = 32767;

/**
 * Returns all samples of signals.
 * @param chosen numbers of the signals in the blocks, from 0
 * @throws EctopyError `damaged-file` of the blocks
 */
export function gatherSamples(
  { frames, signals }: Pick<RecordingSource, "frames" | "signals">,
  blocks: Iterable<SampleBlock>,
  chosen: readonly number[] = signals.map((_, i) => i),
): Signal["samples"][] {
  const samples = chosen.map((number): Signal["samples"] => new Int16Array(frames * signals[number].samplesPerFrame));
  for (const block of blocks) {
    for (const [i, number] of chosen.entries()) {
      samples[i] = put(samples[i], block.from * signals[number].samplesPerFrame, block.samples[i]);
    }
  }
  return samples;
}

/** Writes samples into an array, or into a wider copy of it where one does not fit. */
function put(into: Signal["samples"], at: number, samples: Int32Array): Signal["samples"] {
  if (into instanceof Int32Array) {
    into.set(samples, at);
    return into;
  }
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i];
    if (sample === MISSING_VALUE) into[at + i] = MISSING_SAMPLE;
    else if (sample > NARROW_LIMIT || sample < -NARROW_LIMIT) return put(widened(into), at, samples);
    else into[at + i] = sample;
  }
  return into;
}

function widened(samples: Int16Array): Int32Array {
  return Int32Array.from(samples, (sample) => (sample === MISSING_SAMPLE ? MISSING_WIDE_SAMPLE : sample));
}
