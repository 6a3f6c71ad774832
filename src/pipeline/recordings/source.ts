/**
 * A recording in a file of any format: what each reader returns, and what the import stores.
 *
 * A reader parses the description at once, and the samples in blocks: a recording of days need not fit into memory.
 * Digital values stay as the file has them; `(value − baseline) / gain` is the physical value.
 */
import { MISSING_WIDE_SAMPLE, type Annotation, type Finding } from "../../contract/domain/recordings.ts";

/** Marks a missing sample in {@link SampleBlock.samples}: no format stores this value as a sample. */
export const MISSING_VALUE = MISSING_WIDE_SAMPLE;

/** Bytes of a file: a `Uint8Array`, or a reader of blocks. A block is valid until the next call. */
export interface SourceBytes {
  readonly length: number;
  subarray(from: number, to: number): Uint8Array;
}

/** A signal before its samples are read. */
export interface SourceSignal {
  /** Lead name in the file; `signal 1` for the first without a name. */
  lead: string;
  /** Physical unit as the file names it; empty: the file names none. */
  units: string;
  /** Digital units per physical unit; never 0. */
  gain: number;
  /** Digital value of 0 physical units; may have a fraction. */
  baseline: number;
  /** Samples in each frame. Its rate is `frameRate · samplesPerFrame`, in Hz. */
  samplesPerFrame: number;
}

/** Annotations by one annotator, such as `atr` or `qrs`. */
export interface SourceAnnotations {
  annotator: string;
  /** In order of time; samples count at {@link RecordingSource.rate}. */
  annotations: Annotation[];
}

/** Consecutive frames. */
export interface SampleBlock {
  /** Number of the first frame. */
  from: number;
  /** Samples of each signal, `frames · samplesPerFrame`; {@link MISSING_VALUE} where there is a gap. Valid until the next block. */
  samples: readonly Int32Array[];
}

export interface RecordingSource {
  /** Name in its source; the stored name may be another (`safeRecordName`). */
  name: string;
  /** Format for people, such as `EDF+` or `WFDB`. */
  format: string;
  /** Frames per second. */
  frameRate: number;
  /** Number of frames. */
  frames: number;
  /** Rate in which annotations count: the highest rate of a signal, in Hz. */
  rate: number;
  /** Local date and time of the first sample, ISO 8601 without a zone; null: not in the file. */
  startsAt: string | null;
  signals: readonly SourceSignal[];
  annotators: readonly SourceAnnotations[];
  /** Notes of the file (age, sex, medication, remarks): may hold personal data. */
  comments: readonly string[];
  /** What is odd, and how it was read. Complete after {@link blocks} has been read: samples may be odd, too. */
  findings: readonly Finding[];
  /** Reads the samples from the start, in blocks. @throws EctopyError `damaged-file` with its position */
  blocks(): Iterable<SampleBlock>;
}
