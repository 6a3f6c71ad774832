/** Computes the input recipe of a stored recording, and of synthetic recordings that are made of it (src/pipeline/recipe/). */
import { leadNumbers } from "../../contract/domain/leads.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import {
  channelsOf,
  featureNames,
  RECIPE_RATE,
  RECIPE_WINDOW,
  type InputRecipe,
} from "../../contract/domain/recipe.ts";
import { missingSampleOf, type Annotation, type Recording, type Signal } from "../../contract/domain/recordings.ts";
import { leadAtRate } from "../../pipeline/beats/lead-at-rate.ts";
import type { SelectedBeats } from "../../pipeline/beats/windows.ts";
import {
  extractInputs,
  filterLead,
  MIN_RECORDING_BEATS,
  type RecordingInputs,
} from "../../pipeline/recipe/extract-inputs.ts";
import { heartbeatsOf, type Heartbeats } from "../../pipeline/recipe/source-beats.ts";
import { familiesOf, makeSynthetic, planSynthetic } from "../../pipeline/recipe/synthetic-recordings.ts";
import { WINDOW_SAMPLES } from "../../pipeline/recipe/timing.ts";
import { inOrderOfTime, parseLeads, type RecordFiles } from "../../pipeline/recordings/wfdb/record.ts";

/** Settings that choose leads, classes and recipe. */
export type RecipeSelection = Pick<PreparationSettings, "signal" | "leads" | "classMap"> & { recipe: InputRecipe };

/** Beats and features, a row for each beat, in shared memory. */
export interface BeatInputs {
  /** Samples of all channels, channels last. */
  values: Float32Array;
  /** Features before scaling. */
  features: Float32Array;
}

/** A recording that the recipe reads. */
export interface RecipeRecording {
  /** Leads as they were recorded. */
  signals: Signal[];
  /** Leads in mV at the recipe's rate, not yet filtered; gaps have the value before them. */
  leads: Float64Array[];
  beats: Heartbeats;
  selected: SelectedBeats;
  /** Number of each selected beat among the heartbeats. */
  rows: number[];
}

/**
 * Reads the leads and heartbeats of a stored recording.
 * @returns null where it has fewer leads than the recipe needs
 * @throws EctopyError as `parseRecord`
 */
export function readForRecipe(files: RecordFiles, settings: RecipeSelection): RecipeRecording | null {
  const { leads: count } = settings.recipe;
  const parsed = parseLeads(files, (names) => {
    const numbers = leadNumbers(names, settings, count);
    return numbers.length < count ? [] : numbers;
  });
  return parsed && recipeRecording(parsed.recording, inOrderOfTime(parsed.annotations), settings);
}

/** Returns leads and heartbeats of a recording that has the leads of the recipe alone. @param annotations in order of time */
export function recipeRecording(
  { signals, rate, length }: Pick<Recording, "signals" | "rate" | "length">,
  annotations: readonly Annotation[],
  settings: RecipeSelection,
): RecipeRecording {
  const resampled = signals.map((signal) => leadAtRate(signal, RECIPE_RATE));
  const beats = heartbeatsOf({ annotations, length, rate, leadCount: signals.length }, settings.classMap);
  const gaps = gapsOf(resampled);
  const rows: number[] = [];
  const labels: string[] = [];
  const leftOut: SelectedBeats["leftOut"] = { outsideRecord: 0, missingSamples: 0, symbols: {} };
  const source = beats.labels.map((label, beat) => {
    if (label === undefined) {
      const symbol = beats.symbols[beat];
      leftOut.symbols[symbol] = (leftOut.symbols[symbol] ?? 0) + 1;
    } else if (gaps(beats.peaks[beat] - WINDOW_SAMPLES, beats.peaks[beat] + WINDOW_SAMPLES)) {
      leftOut.missingSamples++;
    } else {
      rows.push(beat);
      labels.push(label);
      return label;
    }
    return undefined;
  });
  const perStep = RECIPE_RATE / RECIPE_WINDOW.rate;
  return {
    signals,
    leads: resampled.map(millivolts),
    // A beat that is excluded is not moved either: it would get a class.
    beats: { ...beats, labels: source, isSinus: beats.isSinus.map((is, beat) => is && source[beat] !== undefined) },
    rows,
    selected: {
      samples: Uint32Array.from(rows, (beat) => beats.samples[beat]),
      positions: Uint32Array.from(rows, (beat) => Math.round(beats.peaks[beat] / perStep)),
      labels,
      leftOut,
    },
  };
}

/** Computes the inputs of the selected beats. */
export function recordingInputs({ leads, beats, rows }: RecipeRecording, recipe: InputRecipe): BeatInputs {
  if (beats.peaks.length < MIN_RECORDING_BEATS) return rowsOf(null, [], recipe);
  const filtered = leads.map((lead) => filterLead(lead, recipe));
  return rowsOf(extractInputs(filtered, beats.peaks, recipe), rows, recipe);
}

/** A synthetic recording: its rows are the beats that have a class. */
export interface SyntheticInputs extends BeatInputs {
  labels: string[];
  /** R-peak of each row, at the recipe's rate. */
  peaks: Uint32Array;
}

/**
 * Makes the synthetic recordings of a recording, and computes their inputs.
 * @param numbers of the recordings among `familiesOf`; by default all
 */
export function syntheticInputs(
  { leads, beats }: RecipeRecording,
  recipe: InputRecipe,
  { name, seed, numbers = [...familiesOf(beats).keys()] }: { name: string; seed: number; numbers?: readonly number[] },
): SyntheticInputs[] {
  if (beats.peaks.length < MIN_RECORDING_BEATS) return [];
  const filtered = leads.map((lead) => filterLead(lead, recipe));
  return numbers.map((number) => {
    const plan = planSynthetic(beats, { seed, name, number });
    const made = makeSynthetic(filtered, beats, plan);
    const inputs = extractInputs(made.leads, made.peaks, recipe);
    const rows = [...plan.labels.keys()].filter((beat) => plan.labels[beat] !== undefined);
    return {
      ...rowsOf(inputs, rows, recipe),
      labels: plan.labels.filter((label) => label !== undefined),
      peaks: Uint32Array.from(rows, (beat) => made.peaks[beat]),
    };
  });
}

function rowsOf(inputs: RecordingInputs | null, rows: readonly number[], recipe: InputRecipe): BeatInputs {
  const width = featureNames(recipe).length;
  const channels = channelsOf(recipe);
  const length = inputs?.images.length ?? 0;
  const values = sharedFloats(rows.length * length * channels);
  const features = sharedFloats(rows.length * width);
  if (inputs === null) return { values, features };
  const sources = inputs.images.leads.flatMap(({ beats, differences }) =>
    recipe.channels.map((channel) => (channel === "beat" ? beats : differences)),
  );
  for (const [row, beat] of rows.entries()) {
    features.set(inputs.features.subarray(beat * width, (beat + 1) * width), row * width);
    for (const [channel, source] of sources.entries()) {
      for (let i = 0; i < length; i++) {
        values[(row * length + i) * channels + channel] = source[beat * length + i];
      }
    }
  }
  return { values, features };
}

function sharedFloats(count: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(count * Float32Array.BYTES_PER_ELEMENT));
}

/** Returns the lead in mV; a missing sample has the value before it, or 0 at the start. */
function millivolts({ samples, baseline, gain }: Signal): Float64Array {
  const missing = missingSampleOf(samples);
  let last = 0;
  return Float64Array.from(samples, (sample) => (last = sample === missing ? last : (sample - baseline) / gain));
}

/** Returns a function that tells whether a range has a missing sample in any lead. */
function gapsOf(signals: readonly Signal[]): (from: number, to: number) => boolean {
  const missing = signals.map(({ samples }) => {
    const counts = new Uint32Array(samples.length + 1);
    const none = missingSampleOf(samples);
    samples.forEach((sample, i) => (counts[i + 1] = counts[i] + Number(sample === none)));
    return counts;
  });
  return (from, to) =>
    missing.some((counts) => {
      const last = counts.length - 1;
      return counts[Math.min(last, to)] > counts[Math.max(0, from)];
    });
}
