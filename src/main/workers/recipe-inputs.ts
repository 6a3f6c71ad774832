/** Computes the input recipe of a stored recording, and of synthetic recordings that are made of it (src/pipeline/recipe/). */
import type { GivenLabels } from "../../contract/domain/label-choice.ts";
import { leadNumbers } from "../../contract/domain/leads.ts";
import type { PreparationSettings } from "../../contract/domain/preparation.ts";
import {
  channelsOf,
  featureNames,
  RECIPE_RATE,
  RECIPE_WINDOW,
  type InputRecipe,
} from "../../contract/domain/recipe.ts";
import { missingSampleOf, type Recording, type Signal } from "../../contract/domain/recordings.ts";
import { leadAtRate } from "../../pipeline/beats/lead-at-rate.ts";
import { missingFinder, type AnnotatedBeats, type SelectedBeats } from "../../pipeline/beats/windows.ts";
import {
  extractInputs,
  filterLead,
  MIN_RECORDING_BEATS,
  type RecordingInputs,
} from "../../pipeline/recipe/extract-inputs.ts";
import { sectionsOf } from "../../pipeline/recipe/sections.ts";
import { heartbeatsOf, type Heartbeats } from "../../pipeline/recipe/source-beats.ts";
import { familiesOf, makeSynthetic, planSynthetic } from "../../pipeline/recipe/synthetic-recordings.ts";
import { WINDOW_SAMPLES } from "../../pipeline/recipe/timing.ts";
import { inOrderOfTime, parseLeads, type RecordFiles } from "../../pipeline/recordings/wfdb/record.ts";

/** Samples of a beat in one channel. */
const RECIPE_WINDOW_SAMPLES = ((RECIPE_WINDOW.beforeMs + RECIPE_WINDOW.afterMs) * RECIPE_WINDOW.rate) / 1000;

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
  /** Leads at the recipe's rate, not yet filtered. */
  resampled: Signal[];
  beats: Heartbeats;
  selected: SelectedBeats;
  /** Number of each selected beat among the heartbeats. */
  rows: number[];
}

/**
 * Reads the leads and heartbeats of a stored recording.
 * @param given labels of an annotation set; absent: the recording's annotations
 * @returns null where it has fewer leads than the recipe needs
 * @throws EctopyError as `parseRecord`
 */
export function readForRecipe(
  files: RecordFiles,
  settings: RecipeSelection,
  given?: GivenLabels,
): RecipeRecording | null {
  const { leads: count } = settings.recipe;
  const parsed = parseLeads(files, (names) => {
    const numbers = leadNumbers(names, settings, count);
    return numbers.length < count ? [] : numbers;
  });
  const annotated = given ?? { annotations: inOrderOfTime(parsed?.annotations ?? []) };
  return parsed && recipeRecording(parsed.recording, annotated, settings);
}

/** Returns leads and heartbeats of a recording that has the leads of the recipe alone. */
export function recipeRecording(
  { signals, rate, length }: Pick<Recording, "signals" | "rate" | "length">,
  { annotations, excluded }: AnnotatedBeats,
  settings: RecipeSelection,
): RecipeRecording {
  const resampled = signals.map((signal) => leadAtRate(signal, RECIPE_RATE));
  const beats = heartbeatsOf(
    { annotations, ...(excluded && { excluded }), length, rate, leadCount: signals.length },
    settings.classMap,
  );
  const gaps = gapsOf(resampled);
  const rows: number[] = [];
  const labels: string[] = [];
  const leftOut: SelectedBeats["leftOut"] = { outsideRecord: 0, missingSamples: 0, symbols: {} };
  const source = beats.labels.map((label, beat) => {
    const reason = excluded?.get(beats.samples[beat]);
    if (reason !== undefined) leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    else if (label === undefined) {
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
    resampled,
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
export function recordingInputs(recording: RecipeRecording, recipe: InputRecipe): BeatInputs {
  const inputs = emptyRows(recording.rows.length, recipe);
  const [length, width] = [RECIPE_WINDOW_SAMPLES * channelsOf(recipe), featureNames(recipe).length];
  for (const { row, values, features } of inputsBySection(recording, recipe)) {
    inputs.values.set(values, row * length);
    inputs.features.set(features, row * width);
  }
  return inputs;
}

/** Inputs of consecutive beats. */
export interface SectionInputs extends BeatInputs {
  /** Row of the first beat. */
  row: number;
}

/** Computes the inputs of the selected beats, one section of the recording after another, so that a day fits into memory. */
export function* inputsBySection(
  { resampled, beats: { peaks }, rows }: RecipeRecording,
  recipe: InputRecipe,
): Generator<SectionInputs> {
  if (peaks.length < MIN_RECORDING_BEATS) return;
  let row = 0;
  for (const { beats, read, samples } of sectionsOf(peaks, resampled[0].samples.length)) {
    const first = row;
    while (row < rows.length && rows[row] < beats[1]) row++;
    if (row === first) continue;
    const filtered = resampled.map((lead) => filterLead(millivolts(lead, ...samples), recipe));
    const inputs = extractInputs(
      filtered,
      peaks.slice(...read).map((peak) => peak - samples[0]),
      recipe,
    );
    const own = rows.slice(first, row).map((beat) => beat - read[0]);
    yield { row: first, ...rowsOf(inputs, own, recipe) };
  }
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
  { resampled, beats }: RecipeRecording,
  recipe: InputRecipe,
  { name, seed, numbers = [...familiesOf(beats).keys()] }: { name: string; seed: number; numbers?: readonly number[] },
): SyntheticInputs[] {
  if (beats.peaks.length < MIN_RECORDING_BEATS) return [];
  const filtered = resampled.map((lead) => filterLead(millivolts(lead), recipe));
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

function emptyRows(count: number, recipe: InputRecipe): BeatInputs {
  return {
    values: sharedFloats(count * RECIPE_WINDOW_SAMPLES * channelsOf(recipe)),
    features: sharedFloats(count * featureNames(recipe).length),
  };
}

function rowsOf(
  { images, features: table }: RecordingInputs,
  rows: readonly number[],
  recipe: InputRecipe,
): BeatInputs {
  const [width, channels, { length }] = [featureNames(recipe).length, channelsOf(recipe), images];
  const { values, features } = emptyRows(rows.length, recipe);
  const sources = images.leads.flatMap(({ beats, differences }) =>
    recipe.channels.map((channel) => (channel === "beat" ? beats : differences)),
  );
  for (const [row, beat] of rows.entries()) {
    features.set(table.subarray(beat * width, (beat + 1) * width), row * width);
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

/** Returns samples of a lead in mV; a missing one has the value before it, or 0 at the start. */
function millivolts({ samples, baseline, gain }: Signal, from = 0, to = samples.length): Float64Array {
  const missing = missingSampleOf(samples);
  let before = from - 1;
  while (before >= 0 && samples[before] === missing) before--;
  let last = before < 0 ? 0 : (samples[before] - baseline) / gain;
  // A loop, because `Float64Array.from` calls a function for each of a million samples.
  const out = new Float64Array(to - from);
  for (let i = from; i < to; i++) {
    const sample = samples[i];
    if (sample !== missing) last = (sample - baseline) / gain;
    out[i - from] = last;
  }
  return out;
}

/** Returns a function that tells whether a range has a missing sample in any lead. */
function gapsOf(signals: readonly Signal[]): (from: number, to: number) => boolean {
  const finders = signals.map(({ samples }) => missingFinder(samples));
  return (from, to) => finders.some((nextMissing) => nextMissing(Math.max(0, from)) < to);
}
