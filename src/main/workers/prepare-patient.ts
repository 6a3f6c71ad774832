/**
 * Computes a patient-specific preparation: the beats of one recording as a trained run reads them, divided into training and
 * test set, with training and validation beats of the run. Nothing is fitted again: scaling and classes are the run's.
 */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { classLabel, isHeartbeat } from "../../contract/domain/class-maps.ts";
import type { RecordToPrepare } from "../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import type { GivenLabels } from "../../contract/domain/label-choice.ts";
import { patientPartText, type PatientChoice } from "../../contract/domain/patient-choice.ts";
import type {
  ClassCounts,
  LeftOut,
  PreparationDescription,
  PreparationInputs,
  PreparationSettings,
} from "../../contract/domain/preparation.ts";
import { counted } from "../../contract/text/format-number.ts";
import { BEAT_ROWS, FEATURE_ROWS } from "../../engine/processes/classification-messages.ts";
import {
  checkFingerprint,
  loadPreparation,
  readDescription,
  readRecordNumbers,
  type LoadedPreparation,
} from "../../engine/training/preparation-files.ts";
import {
  patientWeights,
  replayWeights,
  splitPatient,
  thinned,
  thinnedByClass,
  withNeighbours,
  type RowStretch,
} from "../../pipeline/beats/patient-split.ts";
import type { PreparedInputs } from "../../pipeline/beats/preparation-format.ts";
import { emptyRecipe } from "../../pipeline/beats/smote.ts";
import { writeClassificationRows, type RowsWritten } from "./classification-rows.ts";
import type { PreparedBeats } from "./prepare-beats.ts";
import type { BeatsToWrite } from "./write-preparation.ts";
import { testSetHash } from "./test-set-hash.ts";

/** The run that is fine-tuned, by its preparation. */
export interface PatientBase {
  /** Folder of the run's preparation. */
  folder: string;
  fingerprint: string;
  /** Names of its recordings: others are synthetic. */
  recordings: readonly string[];
}

export interface PatientOrder {
  /** Folder of the dataset. */
  folder: string;
  record: RecordToPrepare;
  base: PatientBase;
  settings: PreparationSettings & { patient: PatientChoice };
  /** Folder in which rows are written for a while; it exists. */
  destination: string;
  progress: ReportProgress;
}

/** Start of the limitation that the metrics hold for one patient. */
export const PATIENT_CAVEAT = "Patient-specific:";

/** Validation beats of other patients: enough for a temperature, few enough to be stored with each fine-tuning. */
const MAX_VALIDATION_BEATS = 2000;
/** Class that no beat is trained on, where the preparation has weights. */
const UNTRAINED_LABEL = "Q";

/** @throws EctopyError `nothing-usable`: a set would be empty; `damaged-file` */
export function preparePatient(order: PatientOrder): BeatsToWrite & Pick<PreparedBeats, "summary" | "seconds"> {
  const began = performance.now();
  const { folder, record, base, settings, destination, progress } = order;
  progress({ stage: "Reading the recording", done: 0, total: 0, unit: "beats" });
  checkFingerprint(base.folder, base.fingerprint);
  const description = readDescription(base.folder);
  const given = record.given ?? { annotations: [], excluded: new Map() };
  const own = readOwn({ folder, name: record.name, given, settings, description, destination });
  const { labels } = description;
  const { classes, leftOut } = classify(own.samples, given, settings, labels);
  const { minutes, replay } = settings.patient;
  const end = minutes === null ? null : Math.round(60 * minutes * record.rate);
  const split = splitPatient({ samples: own.samples, classes }, end);
  refuseEmpty(split, settings.patient, record.name);

  progress({ stage: "Reading beats of other patients", done: 0, total: 0, unit: "beats" });
  const loaded = loadPreparation(base.folder);
  const records = readRecordNumbers(base.folder);
  const others = othersOf(loaded, records, { description, base, replay });
  const prepared = joined({ own, classes, split, loaded, description, others, record });
  const { table, examples } = prepared;
  const hash = testSetHash(table, examples);
  const counts = countsOf(labels, classes, examples.classes, examples.sets);
  const inputs = offered(description);
  return {
    ...prepared,
    length: description.windowLength,
    summary: {
      settings,
      labels,
      counts,
      totals: {
        train: examples.sets.train.length,
        validation: examples.sets.validation.length,
        test: examples.sets.test.length,
      },
      beats: split.train.length + split.test.length,
      leftOut,
      sharedRecords: [record.name],
      recordsBySet: { train: [record.name], validation: [], test: [record.name] },
      ...(hash === undefined ? {} : { testSetHash: hash }),
      patientsKnown: true,
      recordings: {
        [record.name]: {
          lead: own.leads[0],
          rate: record.rate,
          ...(own.leads.length > 1 ? { secondLead: own.leads[1] } : {}),
        },
      },
      ...(Object.keys(inputs).length > 0 ? { inputs } : {}),
      caveats: caveatsOf(settings.patient, record.name, { split, others, counts }),
    },
    seconds: { read: 0, denoise: 0, smote: 0, cap_split: 0, total: (performance.now() - began) / 1000 },
  };
}

interface OwnRows extends RowsWritten {
  values: Float32Array;
  features: Float32Array;
}

/** Reads all heartbeats of the recording, with or without a class: they are neighbours of others. */
function readOwn(order: {
  folder: string;
  name: string;
  given: GivenLabels;
  settings: PreparationSettings;
  description: PreparationDescription;
  destination: string;
}): OwnRows {
  const { folder, name, given, settings, description } = order;
  const destination = join(order.destination, "rows");
  mkdirSync(destination);
  try {
    const peaks = Int32Array.from(
      given.annotations.flatMap(({ symbol, sample }) => (isHeartbeat(symbol) ? sample : [])),
    );
    const inputs = description.features === undefined ? (["input"] as const) : (["input", "rhythm"] as const);
    const scaling = description.featureScaling;
    const written = writeClassificationRows({ folder, name, peaks, settings, scaling, inputs, destination });
    if (written === null) {
      throw new EctopyError(
        "nothing-usable",
        `Recording ${name} lacks the leads of the run.`,
        "Choose a recording with these leads, or another run.",
      );
    }
    const read = (file: string, width: number): Float32Array =>
      width === 0 ? new Float32Array(0) : floats(readFileSync(join(destination, file)));
    return {
      ...written,
      values: read(BEAT_ROWS, written.widths.beats),
      features: read(FEATURE_ROWS, written.widths.features),
    };
  } finally {
    rmSync(destination, { recursive: true });
  }
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Returns the class of each row by its label; −1: it has none. */
function classify(
  samples: ArrayLike<number>,
  { annotations, excluded }: GivenLabels,
  { classMap }: PreparationSettings,
  labels: readonly string[],
): { classes: Int16Array; leftOut: LeftOut } {
  const leftOut: LeftOut = { outsideRecord: 0, missingSamples: 0, symbols: {}, smallClasses: {}, records: [] };
  const symbols = new Map(
    annotations.flatMap(({ sample, symbol }) => (isHeartbeat(symbol) ? [[sample, symbol] as const] : [])),
  );
  leftOut.outsideRecord = symbols.size - samples.length;
  const classes = Int16Array.from(samples, (sample) => {
    const reason = excluded.get(sample);
    const symbol = symbols.get(sample) ?? "";
    const number = labels.indexOf(classLabel(classMap, symbol) ?? "");
    if (reason !== undefined) leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    else if (number === -1) leftOut.symbols[symbol] = (leftOut.symbols[symbol] ?? 0) + 1;
    return reason === undefined ? number : -1;
  });
  return { classes, leftOut };
}

function refuseEmpty({ train, test }: ReturnType<typeof splitPatient>, { minutes }: PatientChoice, name: string): void {
  if (train.length > 0 && test.length > 0) return;
  const where = minutes === null ? "" : train.length === 0 ? ` in its first ${minutes} min` : ` after ${minutes} min`;
  throw new EctopyError(
    "nothing-usable",
    `Recording ${name} has no beat${where} whose label can be used.`,
    minutes === null ? "Review more beats." : "Review beats there, or choose other minutes.",
  );
}

interface Others {
  /** Rows of the run's preparation: all real training beats that have a weight, and those that are replayed. */
  all: Uint32Array;
  train: Uint32Array;
  validation: Uint32Array;
}

function othersOf(
  { source, sets }: LoadedPreparation,
  records: Uint32Array,
  { description, base, replay }: { description: PreparationDescription; base: PatientBase; replay: number },
): Others {
  const isReal = description.records.map((name) => base.recordings.includes(name));
  const real = (rows: Uint32Array): Uint32Array =>
    rows.filter((row) => row < source.realCount && isReal[records[row]] && source.weights?.[row] !== 0);
  const all = real(sets.train);
  return {
    all,
    train: thinnedByClass(all, source.classes, replay),
    validation: thinned(real(sets.validation), MAX_VALIDATION_BEATS),
  };
}

interface Joined {
  own: OwnRows;
  classes: Int16Array;
  split: ReturnType<typeof splitPatient>;
  loaded: LoadedPreparation;
  description: PreparationDescription;
  others: Others;
  record: RecordToPrepare;
}

/** Joins the rows of the recording with those of other patients. */
function joined({ own, classes, split, loaded, description, others, record }: Joined) {
  const { source } = loaded;
  const records = source.sequence?.records ?? new Uint32Array(source.realCount);
  const needed = new Set([...others.train, ...others.validation]);
  const stretches = withNeighbours(needed, records, source.sequence ?? { before: 0, after: 0 });
  const rows = own.samples.length + stretches.reduce((sum, { from, to }) => sum + to - from, 0);
  const values = new Float32Array(rows * source.length);
  values.set(own.values);
  const width = source.features?.count ?? 0;
  const featureValues = new Float32Array(rows * width);
  featureValues.set(own.features);
  const numbers = new Uint8Array(rows);
  numbers.set(Array.from(classes, (number) => Math.max(0, number)));
  const recordOf = new Uint32Array(rows);
  const sample = new Uint32Array(rows);
  sample.set(own.samples);
  const placeOf = new Map<number, number>();
  let at = own.samples.length;
  stretches.forEach(({ from, to }: RowStretch, i) => {
    values.set(source.values.subarray(from * source.length, to * source.length), at * source.length);
    if (source.features) featureValues.set(source.features.values.subarray(from * width, to * width), at * width);
    for (let row = from; row < to; row++, at++) {
      numbers[at] = source.classes[row];
      recordOf[at] = i + 1;
      placeOf.set(row, at);
    }
  });
  const placed = (of: Uint32Array): Uint32Array => of.map((row) => placeOf.get(row)!);
  const train = Uint32Array.from([...split.train, ...placed(others.train)]);
  const weights = description.weighted && weightsOf({ rows, split, classes, loaded, others, placed, description });
  const inputs: PreparedInputs = {
    ...offered(description),
    ...(width > 0 ? { featureValues } : {}),
    ...(weights ? { weights } : {}),
  };
  return {
    table: {
      labels: description.labels,
      // Stretches of other patients are no whole recordings: their numbers only part them.
      records: [record.name, ...stretches.map((_, i) => `other-${i + 1}`)],
      record: recordOf,
      sample,
      classes: numbers,
    },
    values,
    inputs,
    examples: {
      realCount: rows,
      recipe: emptyRecipe(0),
      classes: numbers,
      sets: { train, validation: placed(others.validation), test: split.test },
    },
  };
}

/** Returns the weight of each row: beats of the patient and of others have mean 1. */
function weightsOf({
  rows,
  split,
  classes,
  loaded: { source, labels },
  others,
  placed,
}: Omit<Joined, "own" | "record"> & { rows: number; placed: (of: Uint32Array) => Uint32Array }): Float32Array {
  const weights = new Float32Array(rows).fill(1);
  const own = patientWeights(
    Array.from(split.train, (row) => classes[row]),
    labels.indexOf(UNTRAINED_LABEL),
  );
  split.train.forEach((row, i) => (weights[row] = own[i]));
  const stored = replayWeights(others, source.classes, (row) => source.weights?.[row] ?? 1);
  placed(others.train).forEach((row, i) => (weights[row] = stored[i]));
  return weights;
}

/** Returns the inputs that the run's preparation offers. */
function offered({ channels, features, featureScaling, sequence }: PreparationDescription): PreparationInputs {
  return {
    ...(channels === undefined ? {} : { channels }),
    ...(features === undefined ? {} : { features }),
    ...(featureScaling === undefined ? {} : { featureScaling }),
    ...(sequence === undefined ? {} : { sequence }),
  };
}

function countsOf(
  labels: readonly string[],
  own: Int16Array,
  classes: Uint8Array,
  sets: PreparedBeats["examples"]["sets"],
): ClassCounts[] {
  const count = (rows: Uint32Array, number: number): number => rows.filter((row) => classes[row] === number).length;
  return labels.map((label, number) => ({
    label,
    found: own.filter((each) => each === number).length,
    train: count(sets.train, number),
    validation: count(sets.validation, number),
    test: count(sets.test, number),
    syntheticTrain: 0,
    syntheticValidation: 0,
    syntheticTest: 0,
  }));
}

function caveatsOf(
  patient: PatientChoice,
  name: string,
  { split, others, counts }: { split: Joined["split"]; others: Others; counts: readonly ClassCounts[] },
): string[] {
  const { run, minutes } = patient;
  const rest = minutes === null ? "every fifth reviewed beat" : "the rest of this recording";
  const untested = counts.filter(({ train, test }) => train > 0 && test === 0).map(({ label }) => label);
  return [
    `${PATIENT_CAVEAT} run ${run} was fine-tuned on the ${patientPartText(patient, name)} ` +
      `(${counted(split.train.length, "beat")}) and tested on ${rest} (${counted(split.test.length, "beat")}). Its metrics hold ` +
      "for this patient alone, and are not comparable with metrics on unseen patients.",
    `${counted(others.train.length, "training beat")} and all ${counted(others.validation.length, "validation beat")} are of the ` +
      `patients of run ${run}: validation metrics show what the network still knows of other patients.`,
    ...(untested.length === 0 ? [] : [`Without test beats: ${untested.join(", ")}.`]),
  ];
}
