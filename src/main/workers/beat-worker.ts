/** Worker thread of an import or a preparation: it reads records, filters beats and searches neighbours. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GivenLabels } from "../../contract/domain/label-choice.ts";
import { leadNumber } from "../../contract/domain/leads.ts";
import { windowOf } from "../../contract/domain/preparation.ts";
import { missingSampleOf, type Signal } from "../../contract/domain/recordings.ts";
import { planNeighbours } from "../../pipeline/beats/neighbour-plan.ts";
import { findNeighbours } from "../../pipeline/beats/neighbours.ts";
import { leadAtRate } from "../../pipeline/beats/lead-at-rate.ts";
import { selectBeats } from "../../pipeline/beats/windows.ts";
import { generateSample, samplePatients } from "../../pipeline/recordings/sample/generate-sample.ts";
import { isBeatTable } from "../../pipeline/recordings/formats.ts";
import { LeadExamination } from "../../pipeline/recordings/examination.ts";
import { examineSource } from "../../pipeline/recordings/read-source.ts";
import { leadFindings } from "../../pipeline/recordings/health.ts";
import { hashed } from "../../pipeline/recordings/identity/hashed-source.ts";
import { inOrderOfTime, parseLead, type RecordFiles } from "../../pipeline/recordings/wfdb/record.ts";
import { openRecord } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import { withSystemErrors } from "../../contract/domain/system-errors.ts";
import { denoiseBeats } from "./denoise-beats.ts";
import { exportAnnotations } from "./export-annotations.ts";
import { writeClassificationRows } from "./classification-rows.ts";
import { detectPeaks } from "./detect-peaks.ts";
import { groupFiles } from "./find-recordings.ts";
import { inspectRecording } from "./inspect-recording.ts";
import { openFolder } from "./open-folder.ts";
import type { BeatTasks, LeadOddity, ReadBeats } from "./beat-tasks.ts";
import { readForRecipe, recordingInputs, syntheticInputs, type RecipeSelection } from "./recipe-inputs.ts";
import { prepareRows } from "./prepare-tables.ts";
import { inspectBeatTable } from "./store-beat-table.ts";
import { storeFound } from "./store-found.ts";
import { loadStoredRecord } from "./stored-record.ts";
import { serveTasks, type TaskHandlers } from "./worker-pool.ts";

const handlers: TaskHandlers<BeatTasks> = {
  makeSampleRecord({ seed, number, folder }) {
    const { files } = generateSample(samplePatients(seed)[number], seed);
    return withSystemErrors(`the sample recordings in ${folder}`, () => {
      for (const [file, bytes] of files) writeFileSync(join(folder, file), bytes);
    });
  },

  groupFolder: ({ folder, files }) => groupFiles(openFolder(folder), files),

  inspectRecording: (input) => (isBeatTable(input.recording) ? inspectBeatTable(input) : inspectRecording(input)),

  importRecord: storeFound,

  readBeats({ folder, name, annotator, given, settings, examined, counted }) {
    const files = loadStoredRecord(folder, name, annotator);
    const { recipe } = settings;
    if (recipe !== undefined) return readByRecipe(files, { ...settings, recipe }, { given, examined, counted });
    const parsed = parseLead(files, (leads) => leadNumber(leads, settings));
    if (parsed === null) return null;
    const { recording, annotations } = parsed;
    const recorded = recording.signals[0];
    const signal = settings.rate === undefined ? recorded : leadAtRate(recorded, settings.rate);
    const times = { ...(given ?? { annotations: inOrderOfTime(annotations) }), rate: recording.rate };
    const beats = selectBeats(signal, times, settings.classMap, windowOf(settings));
    return {
      beats,
      leads: [recorded.lead],
      signal: shared(signal),
      recipe: null,
      rate: recorded.rate,
      oddities: examined ? odditiesOf(recorded) : [],
    };
  },

  makeSynthetic({ folder, name, annotator, given, settings, seed }) {
    const read = readForRecipe(loadStoredRecord(folder, name, annotator), settings, given);
    return read === null ? [] : syntheticInputs(read, settings.recipe, { name, seed });
  },

  examineStored({ folder, name, annotator }) {
    const { source, hashes } = hashed(openRecord(loadStoredRecord(folder, name, annotator)));
    const { findings } = examineSource(source, annotator, `${name}.${annotator}`);
    return { hashes: hashes(), findings };
  },

  denoiseBeats,

  detectPeaks,

  exportAnnotations,
  classificationRows: writeClassificationRows,

  prepareRows,

  planNeighbours({ values, length, members }) {
    return planNeighbours(values, length, members);
  },

  findNeighbours({ plan, from, to, k }) {
    return findNeighbours(plan, from, to, k);
  },
};

serveTasks(handlers);

function readByRecipe(
  files: RecordFiles,
  settings: RecipeSelection,
  { given, examined, counted }: { given: GivenLabels | undefined; examined: boolean; counted: boolean },
): ReadBeats | null {
  const read = readForRecipe(files, settings, given);
  if (read === null) return null;
  const { signals, beats, selected, rows } = read;
  return {
    beats: selected,
    leads: signals.map(({ lead }) => lead),
    signal: null,
    recipe: {
      source: beats,
      symbols: rows.map((beat) => beats.symbols[beat]),
      inputs: counted ? null : recordingInputs(read, settings.recipe),
    },
    rate: signals[0].rate,
    oddities: examined ? signals.flatMap(odditiesOf) : [],
  };
}

function odditiesOf(lead: Signal): LeadOddity[] {
  const examination = new LeadExamination();
  examination.add(lead.samples, missingSampleOf(lead.samples));
  const found = leadFindings({ ...lead, ...examination.result(), sourceUnits: lead.units });
  return found.flatMap(({ code, message }) => (code === undefined ? [] : [{ code, message }]));
}

function shared(signal: Signal): Signal {
  const buffer = new SharedArrayBuffer(signal.samples.byteLength);
  const samples = signal.samples instanceof Int16Array ? new Int16Array(buffer) : new Int32Array(buffer);
  samples.set(signal.samples);
  return { ...signal, samples };
}
