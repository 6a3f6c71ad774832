/** Recordings and annotations, independent of their file format. */

/** One lead of a recording. */
export interface Signal {
  /** Lead name in the file, such as `MLII` or `V1`. */
  lead: string;
  /** Physical unit, `mV` unless the file names another one. */
  units: string;
  /** Analogue-to-digital units per physical unit; never 0. */
  gain: number;
  /** Digital value of 0 physical units. */
  baseline: number;
  /** Sampling rate in Hz: {@link Recording.rate}, or lower. */
  rate: number;
  /** Digital samples from the start of the recording; {@link missingSampleOf} them where the file marks a gap. */
  samples: Int32Array | Int16Array;
}

/** Missing sample in 16-bit samples: the lowest code, as in WFDB. */
export const MISSING_SAMPLE = -32768;
/** Missing sample in 32-bit samples, where −32768 is a value. */
export const MISSING_WIDE_SAMPLE = -(2 ** 31);

/** Returns the value that marks a missing sample in an array of samples. */
export function missingSampleOf(samples: Signal["samples"]): number {
  return samples instanceof Int16Array ? MISSING_SAMPLE : MISSING_WIDE_SAMPLE;
}

export interface Recording {
  /** Record name: letters, digits, `_` and `-`. */
  name: string;
  /** Highest sampling rate of a signal, in Hz; annotations count its samples. */
  rate: number;
  /** Samples of a signal at that rate. */
  length: number;
  signals: Signal[];
  /** Comment lines of the header (age, sex, medication, remarks), without `#`. */
  comments: string[];
}

/** One annotation. Code table: WFDB `ecgcodes.h`. */
export interface Annotation {
  /** Sample number, from 0. */
  sample: number;
  /** Mnemonic, such as `N`, `V` or `+`. */
  symbol: string;
  /** Sub-type, −128 to 127. */
  subtype: number;
  /** Number of its signal. */
  channel: number;
  /** Annotator's number. */
  num: number;
  /** Auxiliary text, such as `(AFIB` for a rhythm change; may be empty. */
  aux: string;
}

/** What a finding is about, for later stages: a preparation refuses or marks some of these. */
export const findingCodes = [
  /** A lead has one value from start to end. */
  "flat-lead",
  /** A lead is flat for seconds. */
  "flat-interval",
  /** A lead is at its lowest or highest value for a large share of the recording. */
  "railed-lead",
  "missing-samples",
  /** A lead has no sample at all. */
  "all-missing",
  /** The median of a lead is millivolts away from 0. */
  "offset",
  /** Amplitudes that only a wrong unit or gain explains. */
  "implausible-amplitude",
  /** A signal that is no ECG, such as respiration or blood pressure, by its name or unit. */
  "not-ecg",
  /** The file names a unit that is no voltage, or none. */
  "unknown-unit",
  /** The file has no gain. */
  "no-gain",
  "no-annotations",
  "no-beats",
  /** All beats have one symbol. */
  "single-symbol",
  "times-backward",
  "beats-too-close",
  "annotations-beyond-end",
  /** The samples differ from the checksum or the initial value in the header. */
  "checksum",
  "truncated",
  /** Oddities of a header that were read by the specification. */
  "header",
  /** A format, or a part of it, that this version does not read. */
  "unsupported",
  /** A sound file that has no recording, or lacks what is needed to read it, such as the sampling rate. */
  "unusable",
  /** Rows are beats of patients who are unknown. */
  "patients-unknown",
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** Finding of an import: something damaged, excluded or noteworthy. */
export interface Finding {
  /** Absent where no stage distinguishes it, and in datasets stored by earlier versions. */
  code?: FindingCode | undefined;
  /** `damaged`: excluded; `warning`: read, but questionable; `note`: information only. */
  severity: "damaged" | "warning" | "note";
  /** One sentence, with file and position. */
  message: string;
  /** One sentence; empty if nothing needs to be done. */
  fix: string;
}

/** Facts about a recording beside its health; absent in datasets stored by earlier versions. */
export interface RecordDetails {
  /** Name in its source, where the stored name is another: names of files are safe on every system. */
  originalName?: string | undefined;
  /** Format of its source, such as `EDF+`; absent: WFDB. */
  format?: string | undefined;
  /** Annotator whose annotations are the recording's; absent: `atr`. */
  annotator?: string | undefined;
  /** Unit of each lead in its source; a lead in a unit of voltage is read in mV. */
  units?: string[] | undefined;
  /** Sampling rate of each lead in Hz; absent: one rate. */
  rates?: number[] | undefined;
  /** Local date and time of the first sample, ISO 8601 without a zone; absent: unknown. */
  startsAt?: string | undefined;
  /** Present for a table whose rows are beats, which has no leads and no annotations; its rate may be 0: unknown. */
  table?: BeatTableFacts | undefined;
}

/** The sets that a table of beats can be given for. */
export const tableSets = ["train", "test"] as const;
export type TableSet = (typeof tableSets)[number];

/** A table whose rows are beats: their samples, and a class. */
export interface BeatTableFacts {
  /** Samples of each beat. */
  samples: number;
  /** Names of the classes, in the order of their numbers. */
  classes: string[];
  /** Each class as it is in the file, in the same order. */
  classTexts: string[];
  /** Which set its beats are, where the tables of a dataset are given as training and test set. */
  set: TableSet;
}

/** Health report of one recording. A damaged recording has findings and no usable signals. */
export interface RecordHealth {
  name: string;
  usable: boolean;
  /** Highest sampling rate of a lead, in Hz. */
  rate: number;
  /** Samples of a lead at that rate. */
  length: number;
  leads: string[];
  /** Beats by symbol, in order of code point. */
  beats: Record<string, number>;
  /** Annotations that are not beats (rhythm changes, noise, comments). */
  otherAnnotations: number;
  comments: string[];
  details?: RecordDetails | undefined;
  findings: Finding[];
}

/** Health report of a folder, shown after an import. */
export interface HealthReport<Health extends RecordHealth = RecordHealth> {
  records: Health[];
  /** Findings that belong to no single recording: stray files, an index that names missing records. */
  findings: Finding[];
  usableRecords: number;
  damagedRecords: number;
  /** Beats by symbol, over all usable recordings. */
  beats: Record<string, number>;
  /** Total duration of the usable recordings, in seconds. */
  seconds: number;
}
