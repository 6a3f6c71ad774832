/** Recordings as the rest of the app sees them, whatever file they came from. */

/** One lead of a recording. */
export interface Signal {
  /** Lead name as the file gives it, such as `MLII` or `V1`. */
  lead: string;
  /** Physical unit, `mV` unless the file says otherwise. */
  units: string;
  /** Analogue-to-digital units per physical unit; never 0. */
  gain: number;
  /** Digital value of 0 physical units. */
  baseline: number;
  /** Digital samples, one a frame; {@link MISSING_SAMPLE} where the file marks a gap. */
  samples: Int32Array | Int16Array;
}

/** Stands for a missing sample in {@link Signal.samples}; the lowest code of 16 bits, as WFDB has it. */
export const MISSING_SAMPLE = -32768;

export interface Recording {
  /** Record name: letters, digits, `_` and `-`. */
  name: string;
  /** Samples a second of each signal, in Hz. */
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
  /** Signal that it belongs to. */
  channel: number;
  /** Annotator's number. */
  num: number;
  /** Auxiliary text, such as `(AFIB` for a rhythm change; empty if there is none. */
  aux: string;
}

/** Something found wrong, or left out, while reading a record. */
export interface Finding {
  /** `damaged`: left out; `warning`: read, with a reservation; `note`: nothing wrong, but worth knowing. */
  severity: "damaged" | "warning" | "note";
  /** One sentence, with the place. */
  message: string;
  /** One sentence; empty if there is nothing to do. */
  fix: string;
}

/** What the health report says of one record. A damaged record has findings and no usable signals. */
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

/** Totals over a folder, as shown after an import. */
export interface HealthReport {
  records: RecordHealth[];
  /** Findings that belong to no single record (stray files, an index that names what is not there). */
  findings: Finding[];
  usableRecords: number;
  damagedRecords: number;
  /** Beats by symbol over all usable records. */
  beats: Record<string, number>;
  /** Total duration of the usable records, in seconds. */
  seconds: number;
}
