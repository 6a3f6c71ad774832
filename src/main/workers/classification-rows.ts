/**
 * Writes the beats of a stored recording as rows for a classifying process: cut, filtered, scaled and described by the same
 * functions as the beats of a preparation.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { InputId } from "../../contract/domain/networks.ts";
import { windowOf, type PreparationInputs, type PreparationSettings } from "../../contract/domain/preparation.ts";
import { channelsOf, featureNames, type InputRecipe } from "../../contract/domain/recipe.ts";
import { leadNumber, leadNumbers } from "../../contract/domain/leads.ts";
import type { Annotation } from "../../contract/domain/recordings.ts";
import { BEAT_ROWS, FEATURE_ROWS } from "../../engine/processes/classification-messages.ts";
import { leadAtRate } from "../../pipeline/beats/lead-at-rate.ts";
import { selectBeats } from "../../pipeline/beats/windows.ts";
import { MIN_RECORDING_BEATS } from "../../pipeline/recipe/extract-inputs.ts";
import { scaleFeatures } from "../../pipeline/recipe/feature-scaling.ts";
import { parseLead, parseLeads, type RecordFiles } from "../../pipeline/recordings/wfdb/record.ts";
import { denoiseBeats } from "./denoise-beats.ts";
import { inputsBySection, recipeRecording } from "./recipe-inputs.ts";
import { loadStoredRecord } from "./stored-record.ts";

export interface RowsInput {
  /** Folder of the dataset. */
  folder: string;
  name: string;
  /** R-peaks of all heartbeats, in samples of the recording, in order of time. */
  peaks: Int32Array;
  /** Settings of the preparation, with leads and rate. */
  settings: PreparationSettings;
  /** Scaling of the features; absent: none. */
  scaling?: PreparationInputs["featureScaling"] | undefined;
  /** Inputs that the networks use. */
  inputs: readonly InputId[];
  /** Empty folder for the rows. */
  destination: string;
}

export interface RowsWritten {
  /** R-peaks of the rows, in samples of the recording. */
  samples: Uint32Array;
  /** Values of a row in each file; 0: there is no such file. */
  widths: { beats: number; features: number };
  /** Leads that were read. */
  leads: string[];
}

/**
 * Every heartbeat has a class by this map, so that none is left out by its symbol: what its annotator called it says nothing of
 * what a network will.
 */
const ANY_BEAT = "aami";

/** Writes the rows. @returns null where the recording lacks the leads @throws EctopyError as `loadStoredRecord` */
export function writeClassificationRows(input: RowsInput): RowsWritten | null {
  const files = loadStoredRecord(input.folder, input.name);
  const { recipe } = input.settings;
  return recipe === undefined ? cutRows(files, input) : recipeRows(files, recipe, input);
}

function cutRows(files: RecordFiles, { settings, peaks, destination }: RowsInput): RowsWritten | null {
  const parsed = parseLead(files, (leads) => leadNumber(leads, settings));
  if (parsed === null) return null;
  const { recording } = parsed;
  const [recorded] = recording.signals;
  const signal = settings.rate === undefined ? recorded : leadAtRate(recorded, settings.rate);
  const window = windowOf(settings);
  const times = { annotations: Array.from(peaks, heartbeat), rate: recording.rate };
  const { samples, positions } = selectBeats(signal, times, ANY_BEAT, window);
  const length = window.before + window.after;
  const values = new Float32Array(samples.length * length);
  denoiseBeats({ signal, samples: positions, window, settings, values, row: 0 });
  const write = openRows(destination, BEAT_ROWS);
  write(values);
  write(null);
  return { samples, widths: { beats: length, features: 0 }, leads: [recorded.lead] };
}

function recipeRows(
  files: RecordFiles,
  recipe: InputRecipe,
  { settings, peaks, scaling, inputs, destination }: RowsInput,
): RowsWritten | null {
  const parsed = parseLeads(files, (names) => {
    const numbers = leadNumbers(names, settings, recipe.leads);
    return numbers.length < recipe.leads ? [] : numbers;
  });
  if (parsed === null) return null;
  const annotations = Array.from(peaks, heartbeat);
  const recording = recipeRecording(parsed.recording, { annotations }, { ...settings, recipe, classMap: ANY_BEAT });
  const width = featureNames(recipe).length;
  const { before, after } = windowOf(settings);
  const usesBeats = inputs.includes("input");
  const writeBeats = usesBeats ? openRows(destination, BEAT_ROWS) : () => {};
  const writeFeatures = openRows(destination, FEATURE_ROWS);
  for (const { values, features } of inputsBySection(recording, recipe)) {
    if (scaling !== undefined) scaleFeatures({ values: features, width }, scaling);
    writeBeats(values);
    writeFeatures(features);
  }
  writeBeats(null);
  writeFeatures(null);
  // Without an RR interval, there are no features, and no rows.
  const { samples } = recording.selected;
  return {
    samples: peaks.length < MIN_RECORDING_BEATS ? new Uint32Array(0) : samples,
    widths: { beats: usesBeats ? (before + after) * channelsOf(recipe) : 0, features: width },
    leads: parsed.recording.signals.map(({ lead }) => lead),
  };
}

function heartbeat(sample: number): Annotation {
  return { sample, symbol: "N", subtype: 0, channel: 0, num: 0, aux: "" };
}

/** Returns a function that appends rows to a new file; null closes it. */
function openRows(folder: string, name: string): (rows: Float32Array | null) => void {
  const descriptor = openSync(join(folder, name), "wx", 0o600);
  return (rows) => {
    if (rows === null) return closeSync(descriptor);
    const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
  };
}
