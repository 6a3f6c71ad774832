/** Shape of QRS complex, T wave and P wave, against the reference beat and the beats nearby. */
import { medianInPlace } from "../signal/median.ts";
import { slidingMedian } from "../signal/sliding-median.ts";
import type { BeatImages } from "./beat-images.ts";
import type { BeatRanges } from "./beat-ranges.ts";
import type { ReferenceBeats } from "./reference-beat.ts";
import { correlation, FLAT_ENERGY, mean, withoutMean, type Part, type Rows } from "./rows.ts";
import { WINDOW_SAMPLES } from "./timing.ts";

export interface ShapeInput {
  /** Windows without their median, in mV, for each lead. */
  windows: readonly Rows[];
  references: ReferenceBeats;
  images: BeatImages;
  ranges: BeatRanges;
  /** Sampling rate of the windows in Hz. */
  rate: number;
}

type Features = [name: string, values: Float64Array][];

const R = WINDOW_SAMPLES;
/** Parts of the window at 360 Hz, around the R-peak. */
const QRS: Part = [R - 36, R + 43];
const WIDE_QRS: Part = [R - 54, R + 72];
const P_WAVE: Part = [R - 90, R - 25];

/** Part of the images at 120 Hz, whose R-peak is sample 72. */
const IMAGE_R = R / 3;
const IMAGE_QRS: Part = [IMAGE_R - 12, IMAGE_R + 15];
const IMAGE_QRS_T: Part = [IMAGE_R - 6, IMAGE_R + 50];
const IMAGE_T: Part = [IMAGE_R + 8, IMAGE_R + 48];
const IMAGE_WIDE: Part = [IMAGE_R - 18, IMAGE_R + 24];

/** Beats before that a causal width or slope is compared with, on each side as {@link BeatRanges.around} counts. */
const REFERENCE_REACH = 100;

/** Returns the features of QRS complex and T wave. */
export function qrsFeatures(input: ShapeInput): Features {
  const leads = input.windows.map((_, lead) => lead);
  return [...leads.flatMap((lead) => qrsOfLead(input, lead)), ...joinedLeads(input), ...nearbyShape(input)];
}

/** Returns the features of the P wave. */
export function pWaveFeatures(input: ShapeInput): Features {
  return input.windows.flatMap((_, lead) => pWaveOfLead(input, lead));
}

function qrsOfLead({ windows, references, images, ranges, rate }: ShapeInput, lead: number): Features {
  const { values, length } = windows[lead];
  const { count } = ranges;
  const byBeat = (compute: (beat: number) => number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => compute(i));
  const [qrs, wide] = [sizeOf(QRS), sizeOf(WIDE_QRS)];
  const width = byBeat((beat) => {
    const offset = beat * length + WIDE_QRS[0];
    const least = 0.3 * largest(values, offset, wide);
    let above = 0;
    for (let i = 0; i < wide; i++) above += Number(Math.abs(values[offset + i]) > least);
    return above / rate;
  });
  const slope = byBeat((beat) => {
    const offset = beat * length + WIDE_QRS[0];
    let steepest = 0;
    for (let i = 1; i < wide; i++) steepest = Math.max(steepest, Math.abs(values[offset + i] - values[offset + i - 1]));
    return steepest / scaleOf(references, beat, lead) + 1e-3;
  });
  const usual = (of: Float64Array): Float64Array =>
    ranges.isCausal
      ? ranges.median(of, ranges.around(REFERENCE_REACH))
      : new Float64Array(count).fill(medianInPlace(of.slice(), count));
  const [usualWidth, usualSlope] = [usual(width), usual(slope)];
  const { beats, differences, medians } = images.leads[lead];
  const image = images.length;
  return [
    [
      `qrs_correlation_${lead + 1}`,
      byBeat((beat) => {
        const { leads: medians, scales } = references.references[references.referenceOf[beat]];
        const row = { values, offset: beat * length + QRS[0] };
        // As if both were in units of the scale: a correlation does not change, but the limit for flat parts does.
        return correlation([row], [{ values: medians[lead], offset: QRS[0] }], qrs, FLAT_ENERGY * scales[lead] ** 4);
      }),
    ],
    [`qrs_width_${lead + 1}`, width.map((value, beat) => value - usualWidth[beat])],
    [`qrs_slope_${lead + 1}`, slope.map((value, beat) => Math.log(value / usualSlope[beat]))],
    [
      `qrs_amplitude_${lead + 1}`,
      byBeat((beat) => Math.log(largest(values, beat * length + QRS[0], qrs) / scaleOf(references, beat, lead) + 0.05)),
    ],
    [
      `qrst_correlation_${lead + 1}`,
      byBeat((beat) => {
        const row = { values: beats, offset: beat * image + IMAGE_QRS_T[0] };
        const median = medians[references.referenceOf[beat]];
        return correlation([row], [{ values: median, offset: IMAGE_QRS_T[0] }], sizeOf(IMAGE_QRS_T));
      }),
    ],
    [
      `qrst_difference_${lead + 1}`,
      byBeat((beat) => rootMeanSquare(differences, beat * image + IMAGE_QRS_T[0], sizeOf(IMAGE_QRS_T))),
    ],
    [
      `t_projection_${lead + 1}`,
      byBeat((beat) => projection(beats, beat * image + IMAGE_T[0], medians[references.referenceOf[beat]])),
    ],
    [
      `difference_length_${lead + 1}`,
      byBeat((beat) => {
        const offset = beat * image + IMAGE_WIDE[0];
        let above = 0;
        for (let i = 0; i < sizeOf(IMAGE_WIDE); i++) above += Number(Math.abs(differences[offset + i]) > 0.15);
        return above / sizeOf(IMAGE_WIDE);
      }),
    ],
  ];
}

/** Returns the correlations of all leads together. */
function joinedLeads({ images, references, ranges }: ShapeInput): Features {
  const joined = ([from, to]: Part): Float64Array =>
    Float64Array.from({ length: ranges.count }, (_, beat) =>
      correlation(
        images.leads.map(({ beats }) => ({ values: beats, offset: beat * images.length + from })),
        images.leads.map(({ medians }) => ({ values: medians[references.referenceOf[beat]], offset: from })),
        to - from,
      ),
    );
  return [
    ["qrs_correlation", joined(IMAGE_QRS)],
    ["qrst_correlation", joined(IMAGE_QRS_T)],
  ];
}

/** Returns the difference of each beat from the median of the beats nearby. */
function nearbyShape({ images, ranges }: ShapeInput): Features {
  const { count } = ranges;
  const range = ranges.around(10);
  const size = sizeOf(IMAGE_QRS_T);
  return images.leads.map(({ beats }, lead) => {
    const values = partOf({ values: beats, length: images.length }, count, IMAGE_QRS_T);
    const medians = new Float64Array(values.length);
    for (let i = 0; i < size; i++) slidingMedian({ values, offset: i, stride: size }, range, medians);
    for (let i = 0; i < values.length; i++) values[i] -= medians[i];
    return [
      `qrst_nearby_difference_${lead + 1}`,
      Float64Array.from({ length: count }, (_, beat) => rootMeanSquare(values, beat * size, size)),
    ];
  });
}

function pWaveOfLead({ windows, references, ranges }: ShapeInput, lead: number): Features {
  const { count } = ranges;
  const size = sizeOf(P_WAVE);
  const waves = withoutMean(partOf(windows[lead], count, P_WAVE), size);
  const medians = references.references.map(({ leads }) => withoutMean(leads[lead].slice(...P_WAVE), size));
  const levels = medians.map((median) => rootMeanSquare(median, 0, size) + 0.01);
  const nearby = new Float64Array(waves.length);
  const range = ranges.around(20);
  for (let i = 0; i < size; i++) slidingMedian({ values: waves, offset: i, stride: size }, range, nearby);
  const features = ["p_correlation", "p_nearby_correlation", "p_projection", "p_difference"].map(
    (name): [string, Float64Array] => [`${name}_${lead + 1}`, new Float64Array(count)],
  );
  const [pc, plc, pproj, pres] = features.map(([, values]) => values);
  for (let beat = 0; beat < count; beat++) {
    const reference = references.referenceOf[beat];
    const [median, level] = [medians[reference], levels[reference]];
    const offset = beat * size;
    const row = [{ values: waves, offset }];
    pc[beat] = correlation(row, [{ values: median, offset: 0 }], size);
    plc[beat] = correlation(row, [{ values: nearby, offset }], size);
    let [product, squares] = [0, 0];
    for (let i = 0; i < size; i++) {
      product += waves[offset + i] * median[i];
      squares += (waves[offset + i] - median[i]) ** 2;
    }
    pproj[beat] = product / size / level ** 2;
    pres[beat] = Math.log(Math.sqrt(squares / size) / level + 0.05);
  }
  return [...features, [`p_consistency_${lead + 1}`, ranges.median(plc, range)]];
}

/** Returns the projection of the T wave on that of the reference, both without their means, within ±4. */
function projection(beats: Float32Array, offset: number, median: Float32Array): number {
  const [from, to] = IMAGE_T;
  const count = to - from;
  const meanBeat = mean(beats, offset, offset + count);
  const meanMedian = mean(median, from, to);
  let [product, energy] = [0, 0.02];
  for (let i = 0; i < count; i++) {
    const reference = median[from + i] - meanMedian;
    product += (beats[offset + i] - meanBeat) * reference;
    energy += reference ** 2;
  }
  return Math.min(4, Math.max(-4, product / energy));
}

function scaleOf({ references, referenceOf }: ReferenceBeats, beat: number, lead: number): number {
  return references[referenceOf[beat]].scales[lead];
}

function largest(values: ArrayLike<number>, offset: number, count: number): number {
  let most = 0;
  for (let i = offset; i < offset + count; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}

function rootMeanSquare(values: ArrayLike<number>, offset: number, count: number): number {
  let squares = 0;
  for (let i = offset; i < offset + count; i++) squares += values[i] ** 2;
  return Math.sqrt(squares / count);
}

function partOf({ values, length }: Rows, count: number, [from, to]: Part): Float64Array {
  const out = new Float64Array(count * (to - from));
  for (let row = 0; row < count; row++)
    out.set(values.subarray(row * length + from, row * length + to), row * (to - from));
  return out;
}

function sizeOf([from, to]: Part): number {
  return to - from;
}
