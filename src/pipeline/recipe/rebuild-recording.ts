/**
 * Moves the beats of a recording to other RR intervals: QRS complex, T wave and the last 220 ms before each beat stay as recorded,
 * the diastole between them is stretched or shortened. P waves are scaled and shifted.
 */
import { RECIPE_RATE } from "../../contract/domain/recipe.ts";
import { samplesIn } from "./timing.ts";

/** What is changed of each beat. */
export interface BeatEdits {
  /** RR interval before the beat, in s; the recorded one keeps the samples. */
  rr: Float64Array;
  /** Gain of the P wave in each lead. */
  pGains: number[][];
  /** Shift of the P wave, in samples. */
  pShifts: Int32Array;
  /** Gain of the QRS complex. */
  amplitudes: Float64Array;
}

/** Samples before the R-peak that stay as recorded: PR interval. */
const PR_SAMPLES = Math.floor(0.22 * RECIPE_RATE);
/** The P wave lies before this many samples before the R-peak. */
const QRS_ONSET = Math.floor(0.055 * RECIPE_RATE);
/** Half of the window in which the amplitude of a QRS complex is changed. */
const QRS_HALF = 20;
/** Fewest samples of a QRS complex with its T wave; a shorter interval keeps its samples. */
const MIN_QT_SAMPLES = samplesIn(150);
/** Fewest samples of a diastole; below, P wave and T wave overlap. */
const MIN_DIASTOLE_SAMPLES = 6;

/** Rebuilds a recording. @param peaks R-peaks at the recipe's rate, ascending */
export function rebuildRecording(
  { leads, peaks }: { leads: readonly Float64Array[]; peaks: Int32Array },
  edits: BeatEdits,
): { leads: Float64Array[]; peaks: Int32Array } {
  const edited = leads.map((lead, number) => editBeats(lead, number, peaks, edits));
  const built = edited.map((lead) => [lead.subarray(0, peaks[0])]);
  const moved = peaks.slice(0, 1);
  const newPeaks = [...moved];
  for (let beat = 1; beat < peaks.length; beat++) {
    const segments = edited.map((lead) =>
      segmentOf(lead.subarray(peaks[beat - 1], peaks[beat]), Math.round(edits.rr[beat] * RECIPE_RATE)),
    );
    for (const [lead, segment] of segments.entries()) built[lead].push(segment);
    newPeaks.push(newPeaks[beat - 1] + segments[0].length);
  }
  return {
    leads: built.map((pieces, lead) => joined([...pieces, edited[lead].subarray(peaks[peaks.length - 1])])),
    peaks: Int32Array.from(newPeaks),
  };
}

/** Changes P waves and amplitudes of QRS complexes of a lead, in a copy. */
function editBeats(lead: Float64Array, number: number, peaks: Int32Array, edits: BeatEdits): Float64Array {
  const out = lead.slice();
  for (const [beat, peak] of peaks.entries()) {
    const [from, to] = [peak - PR_SAMPLES, peak - QRS_ONSET];
    if (from < 40 || peak + 60 >= lead.length) continue;
    const [gain, shift, amplitude] = [edits.pGains[beat][number], edits.pShifts[beat], edits.amplitudes[beat]];
    if (shift !== 0 || gain !== 1) changePWave(out.subarray(from, to), gain, shift);
    if (amplitude !== 1) changeAmplitude(out.subarray(peak - QRS_HALF, peak + QRS_HALF + 1), amplitude);
  }
  return out;
}

/** Scales and shifts what lies above the line from the first to the last sample, which both stay as they are. */
function changePWave(wave: Float64Array, gain: number, shift: number): void {
  const count = wave.length;
  const [first, last] = [wave[0], wave[count - 1]];
  const line = wave.map((_, i) => first + ((last - first) * i) / (count - 1));
  const above = wave.map((value, i) => value - line[i]);
  for (let i = 0; i < count; i++) {
    const from = (((i - shift) % count) + count) % count;
    wave[i] = line[i] + above[from] * gain * Math.sqrt(hann(i, count));
  }
}

function changeAmplitude(qrs: Float64Array, gain: number): void {
  const level = qrs[0];
  for (let i = 0; i < qrs.length; i++) qrs[i] += (gain - 1) * hann(i, qrs.length) * (qrs[i] - level);
}

/** Returns the samples from one R-peak to the next, in another number of them where the beat allows it. */
function segmentOf(samples: Float64Array, target: number): Float64Array {
  const count = samples.length;
  // The QT interval grows with the square root of RR (Bazett).
  const longest = Math.floor((0.1 + 0.3 * Math.sqrt(count / RECIPE_RATE)) * RECIPE_RATE);
  const qt = Math.min(longest, count - PR_SAMPLES - 4);
  if (target === count || qt < MIN_QT_SAMPLES) return samples;
  const systole = samples.slice(0, qt);
  const before = samples.subarray(count - PR_SAMPLES);
  const diastole = target - qt - PR_SAMPLES;
  if (diastole >= MIN_DIASTOLE_SAMPLES) {
    return joined([systole, stretched(samples.subarray(qt, count - PR_SAMPLES), diastole), before]);
  }
  // The P wave begins on the T wave of the beat before.
  const overlap = Math.min(MIN_DIASTOLE_SAMPLES - diastole, qt - 20, PR_SAMPLES - 30);
  for (let i = 0; i < overlap; i++) systole[qt - overlap + i] += before[i] - before[0];
  const rest = before.slice(overlap);
  const gap = systole[qt - 1] - rest[0];
  rest.forEach((value, i) => (rest[i] = value + gap * (1 - i / (rest.length - 1)) ** 2));
  return joined([systole, rest]);
}

/** Returns the samples stretched to another number of them, by linear interpolation. */
function stretched(samples: Float64Array, count: number): Float64Array {
  const step = (samples.length - 1) / (count - 1);
  return Float64Array.from({ length: count }, (_, i) => {
    const at = Math.min(samples.length - 1, i * step);
    const left = Math.min(samples.length - 2, Math.floor(at));
    return samples.length === 1 ? samples[0] : samples[left] + (samples[left + 1] - samples[left]) * (at - left);
  });
}

function joined(pieces: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

function hann(i: number, count: number): number {
  return 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (count - 1));
}
