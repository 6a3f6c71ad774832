/**
 * Median beat that beats are compared with: of the whole recording, or of the beats before (causal).
 *
 * A beat counts if its first lead correlates with the median of all: ectopic beats then don't blur the patient's shape.
 */
import { medianInPlace } from "../signal/median.ts";
import { correlation, type Part, type Rows } from "./rows.ts";

/** A median beat, in mV. */
export interface ReferenceBeat {
  /** Samples of the beat, for each lead. */
  leads: Float64Array[];
  /** Largest amplitude near the R-peak plus {@link SCALE_OFFSET_MV}, for each lead. */
  scales: number[];
}

/** Least correlation of a beat that the reference is made of. */
const MIN_CORRELATION = 0.8;
/** With fewer such beats, all beats count. */
const MIN_BEATS = 50;
/** Keeps a lead without QRS complexes from being scaled to noise. */
const SCALE_OFFSET_MV = 0.05;

/** Causal: beats before that the reference is made of, and beats after which it is computed again. */
const MAX_BEATS_BEFORE = 100;
const RENEWED_AFTER_BEATS = 10;

/** References of a recording's beats. */
export interface ReferenceBeats {
  references: ReferenceBeat[];
  /** Number of the reference of each beat. */
  referenceOf: Uint32Array;
}

export interface ReferenceParts {
  /** Samples whose correlation decides. */
  correlated: Part;
  /** Samples whose largest amplitude scales a lead. */
  scaled: Part;
}

/** Returns one reference of all beats. */
export function recordingReference(leads: readonly Rows[], count: number, parts: ReferenceParts): ReferenceBeats {
  const all = Uint32Array.from({ length: count }, (_, beat) => beat);
  return { references: [referenceOf(leads, all, parts)], referenceOf: new Uint32Array(count) };
}

/** Returns references of up to 100 beats before, computed again after ten beats each; the first ten have the first beat. */
export function runningReferences(leads: readonly Rows[], count: number, parts: ReferenceParts): ReferenceBeats {
  const references: ReferenceBeat[] = [];
  for (let to = 0; to < count; to += RENEWED_AFTER_BEATS) {
    const from = Math.max(0, to - MAX_BEATS_BEFORE);
    const beats = Uint32Array.from({ length: Math.max(1, to - from) }, (_, i) => from + i);
    references.push(referenceOf(leads, beats, parts));
  }
  return {
    references,
    referenceOf: Uint32Array.from({ length: count }, (_, i) => Math.floor(i / RENEWED_AFTER_BEATS)),
  };
}

function referenceOf(
  leads: readonly Rows[],
  beats: Uint32Array,
  { correlated, scaled }: ReferenceParts,
): ReferenceBeat {
  const [from, to] = correlated;
  const { values, length } = leads[0];
  const template = medianRow(leads[0], beats, correlated);
  const similar = beats.filter((beat) => {
    const row = { values, offset: beat * length + from };
    return correlation([row], [{ values: template, offset: 0 }], to - from) > MIN_CORRELATION;
  });
  const medians = leads.map((lead) => medianRow(lead, similar.length > MIN_BEATS ? similar : beats));
  const scales = medians.map((median) => {
    const largest = median.subarray(...scaled).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return largest + SCALE_OFFSET_MV;
  });
  return { leads: medians, scales };
}

/** Samples whose values are gathered together: rows are long, and a single column would load each of its cache lines alone. */
const COLUMNS_AT_ONCE = 16;

/** Returns the median of each sample of a part over some rows. */
export function medianRow({ values, length }: Rows, rows: Uint32Array, [first, end]: Part = [0, length]): Float64Array {
  const { length: count } = rows;
  const columns = Array.from({ length: COLUMNS_AT_ONCE }, () => new Float64Array(count));
  const out = new Float64Array(end - first);
  for (let from = first; from < end; from += COLUMNS_AT_ONCE) {
    const width = Math.min(COLUMNS_AT_ONCE, end - from);
    for (let i = 0; i < count; i++) {
      const offset = rows[i] * length + from;
      for (let column = 0; column < width; column++) columns[column][i] = values[offset + column];
    }
    for (let column = 0; column < width; column++) out[from - first + column] = medianInPlace(columns[column], count);
  }
  return out;
}
