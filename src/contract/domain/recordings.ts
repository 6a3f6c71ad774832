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
  /** Digital samples, one for each frame; {@link MISSING_SAMPLE} where the file marks a gap. */
  samples: Int32Array | Int16Array;
}

/** Missing sample in {@link Signal.samples}: the lowest 16-bit code, as in WFDB. */
export const MISSING_SAMPLE = -32768;

export interface Recording {
  /** Record name: letters, digits, `_` and `-`. */
  name: string;
  /** Sampling rate of each signal, in Hz. */
  rate: number;
  /** Samples of each signal. */
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

/** Finding of an import: something damaged, excluded or noteworthy. */
export interface Finding {
  /** `damaged`: excluded; `warning`: read, but questionable; `note`: information only. */
  severity: "damaged" | "warning" | "note";
  /** One sentence, with file and position. */
  message: string;
  /** One sentence; empty if nothing needs to be done. */
  fix: string;
}

/** Health report of one recording. A damaged recording has findings and no usable signals. */
export interface RecordHealth {
  name: string;
  usable: boolean;
  rate: number;
  /** Samples of each signal. */
  length: number;
  leads: string[];
  /** Beats by symbol, in order of code point. */
  beats: Record<string, number>;
  /** Annotations that are not beats (rhythm changes, noise, comments). */
  otherAnnotations: number;
  comments: string[];
  findings: Finding[];
}

/** Health report of a folder, shown after an import. */
export interface HealthReport {
  records: RecordHealth[];
  /** Findings that belong to no single recording: stray files, an index that names missing records. */
  findings: Finding[];
  usableRecords: number;
  damagedRecords: number;
  /** Beats by symbol, over all usable recordings. */
  beats: Record<string, number>;
  /** Total duration of the usable recordings, in seconds. */
  seconds: number;
}
