/** Worker thread that reads recordings for the viewer. The last few stay decoded, because a viewer reads one recording many times. */
import { EctopyError } from "../../contract/domain/errors.ts";
import { isHeartbeat } from "../../contract/domain/class-maps.ts";
import { leadNumber } from "../../contract/domain/leads.ts";
import { windowOf, type PreparationSettings } from "../../contract/domain/preparation.ts";
import { STRIP_SECONDS } from "../../contract/domain/strip-drawing.ts";
import { missingSampleOf, type Annotation, type Recording, type Signal } from "../../contract/domain/recordings.ts";
import { countClasses } from "../../pipeline/beats/count-classes.ts";
import { leadAtRate } from "../../pipeline/beats/lead-at-rate.ts";
import { cutBeat, physicalSamples, selectBeats } from "../../pipeline/beats/windows.ts";
import { inOrderOfTime, parseRecord } from "../../pipeline/recordings/wfdb/record.ts";
import { disagreementsOf } from "../../pipeline/evaluation/ec57/disagreements.ts";
import { summariseRhythm } from "../../pipeline/rhythm/summarise-rhythm.ts";
import type { AnnotationColumns, BeatPreview } from "../../contract/domain/viewing.ts";
import type { DenoisingSettings } from "../../pipeline/signal/denoise.ts";
import { drawStrip, stripStart } from "../../pipeline/signal/strip-drawing.ts";
import { envelopeOf, type SignalEnvelope } from "../../pipeline/signal/envelope.ts";
import { denoiseBeats, denoisedRecord } from "./denoise-beats.ts";
import { LruCache } from "../base/lru-cache.ts";
import { previewRecipeBeat, previewSource, type RecipePreviewSource } from "./preview-recipe-beat.ts";
import { prepareRows } from "./prepare-tables.ts";
import { readTableClasses, readTableRows, type StoredBeatTable } from "./stored-beat-table.ts";
import { loadStoredRecord } from "./stored-record.ts";
import type { ChosenSet, RecordLocation, StretchInput, ViewingTasks } from "./viewing-tasks.ts";
import { chosenAnnotations, viewedColumns } from "./viewed-annotations.ts";
import { splitBeats } from "../../pipeline/review/families/split-beats.ts";
import { findFamilies, groupByShape, shapesOf, type FoundFamilies } from "./group-by-shape.ts";
import { setStatistics, stripSignals } from "./report-tasks.ts";
import { serveTasks, type TaskHandlers } from "./worker-pool.ts";

interface OpenRecord {
  recording: Recording;
  annotations: Annotation[];
}

/** Decoded records in memory: half an hour with two leads takes 2.6 MB. */
const MAX_OPEN_RECORDS = 4;
const openRecords = new LruCache<string, OpenRecord>(MAX_OPEN_RECORDS);
/** Filtered leads in memory, by record, lead and settings: a viewer requests many stretches of the same lead. */
const MAX_FILTERED_LEADS = 8;
const filteredLeads = new LruCache<string, Float32Array>(MAX_FILTERED_LEADS);

/** Inputs of recipes in memory: half an hour with two leads takes 3 MB. */
const MAX_RECIPE_SOURCES = 6;
const recipeSources = new LruCache<string, RecipePreviewSource>(MAX_RECIPE_SOURCES);

/** Families of reviews in memory: a day takes 2 MB. */
const MAX_GROUPED_REVIEWS = 4;
const foundFamilies = new LruCache<string, FoundFamilies>(MAX_GROUPED_REVIEWS);

const handlers: TaskHandlers<ViewingTasks> = {
  signal(input) {
    const { recording } = openRecord(input);
    const { from, to } = stretchOf(recording, input);
    const signals = recording.signals.map((signal) => physical(signal, recording, from, to));
    return { ...describe(recording), from, to, signals };
  },

  envelope(input) {
    const { recording } = openRecord(input);
    const { from, to } = stretchOf(recording, input);
    const { denoising } = input;
    const leads = recording.signals.map((signal, lead) =>
      denoising
        ? envelopeOf(denoised(input, lead, denoising).subarray(from, to), input.columns)
        : physicalEnvelope(signal, recording, { from, to }, input.columns),
    );
    return {
      ...describe(recording),
      from,
      to,
      columns: Math.min(input.columns, to - from),
      minima: leads.map(({ minima }) => minima),
      maxima: leads.map(({ maxima }) => maxima),
    };
  },

  denoised(input) {
    const { from, to } = stretchOf(openRecord(input).recording, input);
    return { from, to, signal: denoised(input, input.lead, input.settings).slice(from, to) };
  },

  annotations: readAnnotationColumns,

  disagreements({ one, other, labels, ...location }) {
    const { rate, length } = openRecord(location).recording;
    const [first, second] = [one, other].map((set) => annotationsOf({ ...location, ...set }));
    return disagreementsOf(first, second, { rate, length, convention: "ec57", labels });
  },

  rhythm(input) {
    const { length, rate, signals } = openRecord(input).recording;
    return summariseRhythm({ annotations: annotationsOf(input), length, rate, leads: signals.length });
  },

  statistics: setStatistics,

  strips({ places, ...input }) {
    const { recording, annotations: own } = openRecord(input);
    const annotations = chosenAnnotations(input) ?? own;
    const beats = annotations.filter(({ symbol }) => isHeartbeat(symbol));
    const signals = stripSignals(recording);
    return places.map((highlight) => {
      const from = stripStart(highlight, recording.rate, recording.length);
      const to = Math.min(recording.length, from + Math.ceil(STRIP_SECONDS * recording.rate));
      const leads = signals.map((signal) => {
        return { lead: signal.lead, units: signal.units, values: physical(signal, recording, from, to) };
      });
      return drawStrip({ from, rate: recording.rate, leads, beats, highlight });
    });
  },

  shapes({ review, founders, beats, given, ...location }) {
    const { recording } = openRecord(location);
    const key = [location.folder, location.name, review].join("\n");
    const found = foundFamilies.get(key, () => findFamilies(founders, recording));
    return groupByShape({ beats, given }, recording, found);
  },

  split: ({ beats, ...location }) => splitBeats(beats, shapesOf(openRecord(location).recording)),

  tableBeats({ label, from, count, every = 1, ...location }) {
    const stored = tableAt(location);
    const rows = rowsOfClass(stored, label);
    const shown = rows.filter((_, i) => i % every === 0).slice(from, from + count);
    return { total: rows.length, samples: stored.table.samples, rows: shown, values: readTableRows(stored, shown) };
  },

  previewBeat({ settings, given, beat, label, synthetic, ...input }) {
    if (input.table !== undefined) return previewRow(tableAt(input), { settings, beat, label });
    const { recording, annotations } = openRecord(input);
    const annotated = given ?? { annotations };
    const { recipe } = settings;
    if (recipe !== undefined) {
      const { annotations: sets, classMap, leads, signal: position, seed } = settings;
      const key = JSON.stringify([input, sets, classMap, leads, position, seed, recipe, synthetic]);
      const chosen = { ...settings, recipe };
      const source = recipeSources.get(key, () => previewSource(recording, annotated, chosen, synthetic));
      return previewRecipeBeat(source, chosen, { beat, label }) ?? noBeat(input.name, label);
    }
    const recorded = signalOf(
      recording,
      leadNumber(
        recording.signals.map(({ lead }) => lead),
        settings,
      ),
    );
    const signal = settings.rate === undefined ? recorded : leadAtRate(recorded, settings.rate);
    const window = windowOf(settings, signal.rate);
    const times = { ...annotated, rate: recording.rate };
    const { samples, positions, labels } = selectBeats(signal, times, settings.classMap, window);
    const rows = [...labels.keys()].filter((row) => label === undefined || labels[row] === label);
    if (rows.length === 0) {
      return noBeat(input.name, label);
    }
    const chosen = Math.min(beat, rows.length - 1);
    const row = rows[chosen];
    const length = window.before + window.after;
    const before = new Float64Array(length);
    cutBeat(signal, positions[row], window, before);
    const prepared = (normalisation: PreparationSettings["normalisation"]): Float32Array => {
      const values = new Float32Array(length);
      denoiseBeats({
        signal,
        samples: positions.subarray(row, row + 1),
        window,
        settings: { ...settings, normalisation },
        values,
        row: 0,
      });
      return values;
    };
    const denoised = prepared("none");
    return {
      beats: rows.length,
      classes: countClasses(settings.classMap, labels),
      beat: chosen,
      seconds: samples[row] / recording.rate,
      row: null,
      label: labels[row],
      lead: signal.lead,
      samplesBefore: window.before,
      rate: signal.rate,
      units: signal.units,
      before: Float32Array.from(before),
      denoised,
      after: settings.normalisation === "none" ? denoised : prepared(settings.normalisation),
    };
  },
};

serveTasks(handlers);

/** @throws EctopyError `nothing-usable` */
function noBeat(recording: string, label: string | undefined): never {
  throw new EctopyError(
    "nothing-usable",
    `Recording ${recording} has no beat ${label === undefined ? "" : `of class ${label} `}with these settings.`,
    "Choose another recording, a smaller window or another class map.",
  );
}

function tableAt({ folder, name, table }: RecordLocation): StoredBeatTable {
  if (table === undefined) throw new Error(`${name} is no table of beats.`);
  return { folder, name, table };
}

/** @param label undefined: all classes */
function rowsOfClass(stored: StoredBeatTable, label: string | undefined): Uint32Array {
  const classes = readTableClasses(stored);
  const rows = Uint32Array.from(classes, (_, row) => row);
  return label === undefined ? rows : rows.filter((row) => stored.table.classes[classes[row]] === label);
}

function previewRow(
  stored: StoredBeatTable,
  { settings, beat, label }: { settings: PreparationSettings; beat: number; label?: string | undefined },
): BeatPreview {
  const { samples, classes } = stored.table;
  const classOf = readTableClasses(stored);
  const rows = rowsOfClass(stored, label);
  if (rows.length === 0) {
    throw new EctopyError(
      "nothing-usable",
      `Table ${stored.name} has no beat of class ${label}.`,
      "Choose another class.",
    );
  }
  const chosen = Math.min(beat, rows.length - 1);
  const row = rows[chosen];
  const prepared = (part: Partial<PreparationSettings>): Float32Array => {
    const values = new Float32Array(samples);
    prepareRows({ stored, rows: Uint32Array.of(row), settings: { ...settings, ...part }, values, row: 0 });
    return values;
  };
  const denoised = prepared({ normalisation: "none" });
  return {
    beats: rows.length,
    classes: classes.map((each, number) => ({
      label: each,
      beats: classOf.reduce((sum, other) => sum + (other === number ? 1 : 0), 0),
    })),
    beat: chosen,
    seconds: 0,
    row,
    label: classes[classOf[row]],
    lead: "",
    samplesBefore: 0,
    rate: settings.rate ?? 0,
    units: "",
    before: readTableRows(stored, [row]),
    denoised,
    after: settings.normalisation === "none" ? denoised : prepared({}),
  };
}

/** Returns the annotations in order of time. */
function annotationsOf(input: RecordLocation & ChosenSet): readonly Annotation[] {
  return chosenAnnotations(input) ?? openRecord(input).annotations;
}

/** Returns the annotations of a range as columns. */
function readAnnotationColumns({ from = 0, to = Infinity, ...input }: StretchInput & ChosenSet): AnnotationColumns {
  return viewedColumns(input.columns ?? annotationsOf(input), from, to);
}

function openRecord({ folder, name, annotator }: RecordLocation): OpenRecord {
  const key = [folder, name, annotator].join("\n");
  return openRecords.get(key, () => {
    const { recording, annotations } = parseRecord(loadStoredRecord(folder, name, annotator));
    return { recording, annotations: inOrderOfTime(annotations) };
  });
}

/** Returns a whole lead, filtered, in physical units. */
function denoised(
  record: RecordLocation,
  lead: number,
  { wavelet, levels, threshold }: DenoisingSettings,
): Float32Array {
  const key = [record.folder, record.name, lead, wavelet, levels, threshold].join("\n");
  return filteredLeads.get(key, () => {
    const { recording } = openRecord(record);
    const signal = signalOf(recording, lead);
    const values = Float32Array.from(denoisedRecord(signal, { wavelet, levels, threshold }));
    // The filter fills gaps; missing samples are not shown.
    const missing = missingSampleOf(signal.samples);
    for (let i = 0; i < values.length; i++) if (signal.samples[i] === missing) values[i] = Number.NaN;
    return signal.rate === recording.rate ? values : interpolated(values, recording.length);
  });
}

function describe({ rate, length, signals }: Recording): {
  rate: number;
  length: number;
  leads: { lead: string; units: string }[];
} {
  return { rate, length, leads: signals.map(({ lead, units }) => ({ lead, units })) };
}

function stretchOf({ length }: Recording, { from = 0, to = length }: StretchInput): { from: number; to: number } {
  const end = Math.min(to, length);
  return { from: Math.min(from, end), to: end };
}

function signalOf({ name, signals }: Recording, number: number): Signal {
  const signal = signals[number];
  if (signal) return signal;
  throw new EctopyError(
    "invalid-settings",
    number === -1
      ? `Recording ${name} has none of the leads: it has ${signals.map(({ lead }) => lead).join(", ")}.`
      : `Recording ${name} has no lead ${number + 1}: it has ${signals.length}.`,
    "Choose another lead, or exclude the recording.",
  );
}

/** Returns samples `from` to `to` − 1 at the recording's rate, in physical units. */
function physical(signal: Signal, recording: Recording, from: number, to: number): Float32Array {
  const ratio = signal.rate / recording.rate;
  const first = Math.floor(from * ratio);
  const last = ratio === 1 ? to : Math.min(signal.samples.length, Math.ceil(to * ratio) + 1);
  const values = new Float64Array(last - first);
  physicalSamples(signal, first, last, values);
  if (ratio === 1) return Float32Array.from(values);
  return Float32Array.from({ length: to - from }, (_, i) => valueAt(values, (from + i) * ratio - first));
}

/** Returns the envelope in physical units. That of the digital values needs no copy of a day's samples. */
function physicalEnvelope(
  signal: Signal,
  recording: Recording,
  { from, to }: { from: number; to: number },
  columns: number,
): SignalEnvelope {
  if (signal.rate !== recording.rate) return envelopeOf(physical(signal, recording, from, to), columns);
  const { samples, gain, baseline } = signal;
  const digital = envelopeOf(samples.subarray(from, to), columns, missingSampleOf(samples));
  const [minima, maxima] = [digital.minima, digital.maxima].map((values) =>
    values.map((value) => (value - baseline) / gain),
  );
  return gain > 0 ? { minima, maxima } : { minima: maxima, maxima: minima };
}

/** Returns a lead of a lower rate with `length` samples, on straight lines between its own. */
function interpolated(values: Float32Array, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => valueAt(values, (i * values.length) / length));
}

function valueAt(values: Float32Array | Float64Array, position: number): number {
  const before = Math.min(Math.floor(position), values.length - 1);
  const after = Math.min(before + 1, values.length - 1);
  return values[before] + (values[after] - values[before]) * (position - before);
}
