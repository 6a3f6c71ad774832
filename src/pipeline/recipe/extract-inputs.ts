/**
 * The input recipe of one recording: from filtered leads and annotated R-peaks to beats at 120 Hz and features.
 *
 * The full variant looks at the whole recording and at later beats. The causal one uses nothing later than the end of a beat's
 * window, 600 ms after its R-peak.
 */
import { featureNames, RECIPE_RATE, type InputRecipe } from "../../contract/domain/recipe.ts";
import { medianInPlace } from "../signal/median.ts";
import { butterworthBandPass, filterBothWays, filterForwards } from "../signal/butterworth.ts";
import { alignPeaks } from "./align-peaks.ts";
import { beatImages, type BeatImages } from "./beat-images.ts";
import { BeatRanges } from "./beat-ranges.ts";
import { contextFeatures } from "./context-features.ts";
import { recordingReference, runningReferences, type ReferenceParts } from "./reference-beat.ts";
import { cutRows, type Rows } from "./rows.ts";
import { rrFeatures } from "./rr-features.ts";
import { pWaveFeatures, qrsFeatures, type ShapeInput } from "./shape-features.ts";
import { samplesIn, WINDOW_SAMPLES } from "./timing.ts";

/** Beats of a recording as the networks get them. */
export interface RecordingInputs {
  /** Aligned R-peaks, at {@link RECIPE_RATE}. */
  peaks: Int32Array;
  images: BeatImages;
  /** Features before scaling: a row for each beat, in the order of `featureNames`. */
  features: Float32Array;
}

const BAND_HZ = [0.5, 40] as const;
const FILTER = butterworthBandPass(2, BAND_HZ, RECIPE_RATE);

/** Filters a lead by the recipe's band-pass. @param samples in mV at {@link RECIPE_RATE}, without missing ones */
export function filterLead(samples: Float64Array, { variant }: Pick<InputRecipe, "variant">): Float64Array {
  return variant === "causal" ? filterForwards(FILTER, samples) : filterBothWays(FILTER, samples);
}

const PARTS: ReferenceParts = {
  correlated: [WINDOW_SAMPLES - samplesIn(100), WINDOW_SAMPLES + samplesIn(100)],
  scaled: [WINDOW_SAMPLES - samplesIn(100), WINDOW_SAMPLES + samplesIn(150)],
};

/** Fewest beats of a recording: an RR interval needs two. */
export const MIN_RECORDING_BEATS = 2;

/**
 * Computes beats and features of a recording.
 * @param leads filtered ({@link filterLead}), one or two as the recipe says
 * @param annotated R-peaks of all heartbeats at {@link RECIPE_RATE}, in order of time
 * @throws RangeError with fewer than {@link MIN_RECORDING_BEATS} beats
 */
export function extractInputs(
  leads: readonly Float64Array[],
  annotated: Int32Array,
  recipe: Pick<InputRecipe, "variant" | "leads">,
): RecordingInputs {
  if (annotated.length < MIN_RECORDING_BEATS) throw new RangeError("An RR interval needs two beats.");
  const ranges = new BeatRanges(annotated.length, recipe.variant);
  const peaks = ranges.isCausal ? annotated : alignPeaks(leads, annotated);
  const windows = leads.map((lead) => withoutMedian(cutRows(lead, peaks, WINDOW_SAMPLES, WINDOW_SAMPLES)));
  const references = (ranges.isCausal ? runningReferences : recordingReference)(windows, ranges.count, PARTS);
  const images = beatImages(windows, references);
  const { features: rr, overLocalMean } = rrFeatures(peaks, RECIPE_RATE, ranges);
  const shape: ShapeInput = { windows, references, images, ranges, rate: RECIPE_RATE };
  const features = new Map([...rr, ...qrsFeatures(shape), ...pWaveFeatures(shape)]);
  for (const [name, values] of contextFeatures(features, overLocalMean, ranges)) features.set(name, values);
  return { peaks, images, features: table(features, featureNames(recipe), ranges.count) };
}

function withoutMedian(rows: Rows): Rows {
  const { values, length } = rows;
  const sorted = new Float64Array(length);
  for (let offset = 0; offset < values.length; offset += length) {
    sorted.set(values.subarray(offset, offset + length));
    const median = medianInPlace(sorted, length);
    for (let i = offset; i < offset + length; i++) values[i] -= median;
  }
  return rows;
}

/** Returns the features as rows of a table. @throws RangeError where one is missing */
function table(features: ReadonlyMap<string, Float64Array>, names: readonly string[], count: number): Float32Array {
  const out = new Float32Array(count * names.length);
  for (const [column, name] of names.entries()) {
    const values = features.get(name);
    if (values === undefined) throw new RangeError(`The feature ${name} is not computed.`);
    for (let beat = 0; beat < count; beat++) {
      const value = values[beat];
      out[beat * names.length + column] = Number.isFinite(value) ? value : 0;
    }
  }
  return out;
}
