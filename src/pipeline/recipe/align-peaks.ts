/**
 * Alignment of annotated R-peaks with the median beat of the recording: annotations of one recording differ by some samples,
 * by which beats, and differences from the median beat, would blur.
 */
import { cutRows, FLAT_ENERGY, withoutMean, type Rows } from "./rows.ts";
import { medianRow } from "./reference-beat.ts";
import { samplesIn } from "./timing.ts";

/** Samples on each side of the R-peak that are compared. */
const HALF_WINDOW = samplesIn(100);
/** Largest shift of an R-peak. */
const MAX_SHIFT = samplesIn(25);
/** Correlation that a shift costs, for each sample. */
const COST_PER_SAMPLE = 0.002;
/** A beat that resembles the median beat less is not shifted. */
const MIN_CORRELATION = 0.8;
/** Shifts that are tried. */
const SHIFTS = 2 * MAX_SHIFT + 1;
const PASSES = 2;

/**
 * Returns the R-peaks, shifted to the best mean correlation over the leads with the median beat.
 * @param leads filtered, in mV
 */
export function alignPeaks(leads: readonly Float64Array[], peaks: Int32Array): Int32Array {
  const all = Uint32Array.from({ length: peaks.length }, (_, beat) => beat);
  const last = leads[0].length - 2;
  let aligned = peaks;
  for (let pass = 0; pass < PASSES; pass++) {
    const templates = leads.map((lead) => {
      const median = medianRow(cutRows(lead, aligned, HALF_WINDOW, HALF_WINDOW), all);
      return withoutMean(median, median.length);
    });
    // One cut holds every shift.
    const reach = HALF_WINDOW + MAX_SHIFT;
    const scores = new Float64Array(peaks.length * SHIFTS);
    for (const [lead, template] of templates.entries()) {
      addCorrelations(cutRows(leads[lead], aligned, reach, reach), template, scores);
    }
    aligned = aligned.map((peak, beat) => {
      let [best, bestShift] = [-Infinity, 0];
      for (let shift = -MAX_SHIFT; shift <= MAX_SHIFT; shift++) {
        const sum = scores[beat * SHIFTS + shift + MAX_SHIFT];
        const score = sum / leads.length - COST_PER_SAMPLE * Math.abs(shift);
        if (score > best) [best, bestShift] = [score, shift];
      }
      return best > MIN_CORRELATION ? peak + bestShift : peak;
    });
  }
  return aligned.map((peak) => Math.min(last, Math.max(1, peak)));
}

/** Adds the correlation of each beat with a template, at every shift. @param template without its mean */
function addCorrelations({ values, length }: Rows, template: Float64Array, scores: Float64Array): void {
  const count = template.length;
  let templateEnergy = 0;
  for (const value of template) templateEnergy += value * value;
  for (let beat = 0; beat * length < values.length; beat++) {
    for (let shift = 0; shift < SHIFTS; shift++) {
      const offset = beat * length + shift;
      let [sum, product, squares] = [0, 0, 0];
      for (let i = 0; i < count; i++) {
        const value = values[offset + i];
        sum += value;
        product += value * template[i];
        squares += value * value;
      }
      const energy = squares - (sum * sum) / count;
      scores[beat * SHIFTS + shift] += product / Math.sqrt(energy * templateEnergy + FLAT_ENERGY);
    }
  }
}
