/** Opens the signals of a record, or of a segment: their leads and their samples in blocks. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding, Signal } from "../../../contract/domain/recordings.ts";
import type { SampleBlock, SourceBytes, SourceSignal } from "../source.ts";
import type { RecordHeader, SignalHeader } from "./header.ts";
import { sampleBlocks, wholeSamples } from "./sample-blocks.ts";
import { groupSignals } from "./signal-groups.ts";

/** Files of one record, or of one segment. */
export interface SignalFiles {
  /** Bytes of the header file. */
  header: Uint8Array;
  /** Bytes of the signal files, by the names in the header. */
  signals: ReadonlyMap<string, SourceBytes>;
  /** Signal files that were found under another name, by the name in the header. */
  renamed?: ReadonlyMap<string, string>;
}

/** Signals of a record before their samples are read. */
export interface OpenSignals {
  signals: SourceSignal[];
  frames: number;
  /** @param chosen numbers of the signals, by their order in {@link signals} */
  blocks: (chosen: readonly number[], findings: Finding[]) => Iterable<SampleBlock>;
  /** All samples at once: faster than the blocks. @param chosen as for {@link blocks} */
  samples: (chosen: readonly number[], findings: Finding[]) => Signal["samples"][];
}

/**
 * Opens the signals of a header that has no segments.
 * @throws EctopyError `damaged-file`, `unsupported`, `not-found`, `nothing-usable`
 */
export function openSignals(
  header: RecordHeader,
  files: ReadonlyMap<string, SourceBytes>,
  file: string,
  findings: Finding[],
): OpenSignals {
  const grouped = groupSignals(header, files, findings);
  const numbers = grouped.groups.flatMap(({ members }) => members.map(({ index }) => index)).sort((a, b) => a - b);
  if (numbers.length === 0) {
    throw new EctopyError("nothing-usable", `Record ${header.name} has no signals.`, "Exclude the record.");
  }
  const uncalibrated = numbers.filter((number) => !header.signals[number].calibrated).length;
  if (uncalibrated > 0) {
    findings.push({
      code: "no-gain",
      severity: "warning",
      message: `${file} has no gain for ${uncalibrated} signals: 200 units per mV were assumed.`,
      fix: "Amplitudes in mV may be wrong; annotations are not affected.",
    });
  }
  // header(5): checksums are those of all samples, and disabled where the header gives no length.
  const isWhole = header.length === grouped.frames;
  const numbersOf = (chosen: readonly number[]): number[] => chosen.map((i) => numbers[i]);
  return {
    signals: numbers.map((number) => sourceSignal(header.signals[number], number)),
    frames: grouped.frames,
    blocks: (chosen, into) => sampleBlocks(grouped, numbersOf(chosen), { isWhole, findings: into }),
    samples: (chosen, into) => wholeSamples(grouped, numbersOf(chosen), { isWhole, findings: into }),
  };
}

/** Units of a signal without a unit, as some writers name it. */
const NO_UNITS = /^(nu|nd|none|unitless|n\/a|-)$/i;

export function sourceSignal(header: SignalHeader, index: number): SourceSignal {
  const { description, units, gain, baseline, samplesPerFrame } = header;
  return {
    lead: description === "" ? `signal ${index + 1}` : description,
    units: NO_UNITS.test(units) ? "" : units,
    gain,
    baseline,
    samplesPerFrame,
  };
}
