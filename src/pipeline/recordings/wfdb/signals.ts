/** Writes WFDB signal files (`.dat`). Source: WFDB Applications Guide, signal(5). */
import { missingSampleOf } from "../../../contract/domain/recordings.ts";
import type { SignalFormat } from "./formats/index.ts";

/**
 * Encodes a signal file: interleaved signals, with the format's code for missing samples.
 *
 * @param signals signals of equal length; each sample in the format's range, or missing (`missingSampleOf`)
 * @throws RangeError for a sample out of range
 */
export function writeSignals(format: SignalFormat, signals: readonly (Int16Array | Int32Array)[]): Uint8Array {
  const width = signals.length;
  const length = signals[0]?.length ?? 0;
  const interleaved = new Int32Array(width * length);
  for (const [member, samples] of signals.entries()) {
    if (samples.length !== length) throw new RangeError("the signals of a file must have equal lengths");
    const missing = missingSampleOf(samples);
    for (let i = 0, to = member; i < length; i++, to += width) {
      const sample = samples[i];
      if (sample !== missing && (sample <= format.missing || sample > format.highest)) {
        throw new RangeError(`sample ${sample} does not fit into format ${format.code}`);
      }
      interleaved[to] = sample === missing ? format.missing : sample;
    }
  }
  return format.encode(interleaved);
}
