/** Previews a beat as an input recipe gives it to networks, of a recording or of a synthetic one that is made of it. */
import { EctopyError } from "../../contract/domain/errors.ts";
import { leadNumbers } from "../../contract/domain/leads.ts";
import { windowOf, type PreparationSettings } from "../../contract/domain/preparation.ts";
import { channelNames, channelsOf, featureNames, RECIPE_RATE, type InputRecipe } from "../../contract/domain/recipe.ts";
import type { Recording } from "../../contract/domain/recordings.ts";
import type { BeatPreview } from "../../contract/domain/viewing.ts";
import { countClasses } from "../../pipeline/beats/count-classes.ts";
import type { AnnotatedBeats } from "../../pipeline/beats/windows.ts";
import { familiesOf } from "../../pipeline/recipe/synthetic-recordings.ts";
import { recipeRecording, recordingInputs, syntheticInputs, type BeatInputs } from "./recipe-inputs.ts";

/** A recording, or a synthetic one that is made of it, whose inputs are computed. */
export interface RecipePreviewSource {
  inputs: BeatInputs;
  /** Class label of each row. */
  labels: readonly string[];
  /** Time of each R-peak. */
  seconds: readonly number[];
  leads: string[];
  families: ReturnType<typeof familiesOf>;
}

type Settings = PreparationSettings & { recipe: InputRecipe };

/**
 * Computes the inputs of a recording.
 * @param synthetic number of the synthetic recording; undefined, or one that it lacks: the recording itself
 * @throws EctopyError `invalid-settings` where it has fewer leads than the recipe needs
 */
export function previewSource(
  recording: Recording,
  annotated: AnnotatedBeats,
  settings: Settings,
  synthetic?: number,
): RecipePreviewSource {
  const { recipe, seed } = settings;
  const numbers = leadNumbers(
    recording.signals.map(({ lead }) => lead),
    settings,
    recipe.leads,
  );
  if (numbers.length < recipe.leads) {
    throw new EctopyError(
      "invalid-settings",
      `Recording ${recording.name} has none of the leads, or no second ECG lead.`,
      "Choose other leads, a recipe of one lead, or exclude the recording.",
    );
  }
  const signals = numbers.map((number) => recording.signals[number]);
  const read = recipeRecording({ ...recording, signals }, annotated, settings);
  const families = recipe.synthetic ? familiesOf(read.beats) : [];
  const source = { leads: signals.map(({ lead }) => lead), families };
  if (synthetic !== undefined && synthetic < families.length) {
    const [made] = syntheticInputs(read, recipe, { name: recording.name, seed, numbers: [synthetic] });
    const seconds = Array.from(made.peaks, (peak) => peak / RECIPE_RATE);
    return { ...source, inputs: made, labels: made.labels, seconds };
  }
  return {
    ...source,
    inputs: recordingInputs(read, recipe),
    labels: read.selected.labels,
    seconds: Array.from(read.selected.samples, (sample) => sample / recording.rate),
  };
}

/** Returns a beat; null where the recording has none of the class. */
export function previewRecipeBeat(
  { inputs: { values, features }, labels, seconds, leads, families }: RecipePreviewSource,
  settings: Settings,
  { beat, label }: { beat: number; label?: string | undefined },
): BeatPreview | null {
  const { recipe } = settings;
  const rows = [...labels.keys()].filter((row) => label === undefined || labels[row] === label);
  if (rows.length === 0) return null;
  const chosen = Math.min(beat, rows.length - 1);
  const row = rows[chosen];
  const { before, after } = windowOf(settings);
  const [length, channels, width] = [before + after, channelsOf(recipe), featureNames(recipe).length];
  const channel = (number: number): Float32Array =>
    Float32Array.from({ length }, (_, i) => values[(row * length + i) * channels + number]);
  const first = channel(0);
  return {
    beats: rows.length,
    classes: countClasses(settings.classMap, labels),
    beat: chosen,
    seconds: seconds[row],
    row: null,
    label: labels[row],
    lead: leads.join(" and "),
    samplesBefore: before,
    rate: (length * 1000) / ((settings.beforeMs ?? 0) + (settings.afterMs ?? 0)),
    units: "amplitudes",
    before: first,
    denoised: first,
    after: first,
    recipe: {
      channels: channelNames(recipe, leads).map((name, number) => ({ name, values: channel(number) })),
      features: features.slice(row * width, (row + 1) * width),
      families,
    },
  };
}
