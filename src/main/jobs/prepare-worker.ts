/** A worker thread of an import or a preparation: reads records, denoises beats, searches neighbours. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EctopyError } from "../../contract/errors.ts";
import type { RecordHealth, Signal } from "../../contract/recordings.ts";
import { planNeighbours } from "../../pipeline/beats/neighbour-plan.ts";
import { findNeighbours } from "../../pipeline/beats/neighbours.ts";
import { cutBeat, normaliseZScore, physicalSamples, selectBeats } from "../../pipeline/beats/windows.ts";
import { damagedRecord } from "../../pipeline/recordings/wfdb/health.ts";
import { inOrderOfTime, parseRecord, readRecord, type RecordFiles } from "../../pipeline/recordings/wfdb/record.ts";
import { createDenoiser } from "../../pipeline/signal/denoise.ts";
import { systemError } from "../../contract/system-errors.ts";
import type { PrepareTasks, StoredFile } from "./prepare-tasks.ts";
import { loadRecord } from "./record-files.ts";
import { serveTasks, type TaskHandlers } from "./worker-pool.ts";

const handlers: TaskHandlers<PrepareTasks> = {
  importRecord({ folder, name, destination }) {
    const loaded = tryLoad(folder, name);
    if ("health" in loaded) return { health: loaded.health, files: [] };
    const { health } = readRecord(loaded.files);
    return { health, files: health.usable ? store(loaded.files, destination) : [] };
  },

  readBeats({ folder, name, signal: number, labelMap, window }) {
    const { recording, annotations } = parseRecord(loadRecord(folder, name), [number]);
    const signal = recording.signals[0];
    const beats = selectBeats(signal, inOrderOfTime(annotations), labelMap, window);
    return { beats, signal: shared(signal), rate: recording.rate };
  },

  denoiseBeats({ signal, samples, window, settings, values, row }) {
    const length = window.before + window.after;
    const beat = new Float64Array(length);
    const source = settings.denoising === "record" ? denoisedRecord(signal, settings) : signal;
    const denoiser = settings.denoising === "beat" ? createDenoiser(settings, length) : null;
    samples.forEach((sample, i) => {
      if (source instanceof Float64Array) beat.set(source.subarray(sample - window.before, sample + window.after));
      else cutBeat(source, sample, window, beat);
      denoiser?.denoise(beat, 0, beat, 0);
      if (settings.normalisation === "z-score") normaliseZScore(beat);
      values.set(beat, (row + i) * length);
    });
  },

  planNeighbours({ values, length, members }) {
    return planNeighbours(values, length, members);
  },

  findNeighbours({ plan, from, to, k }) {
    return findNeighbours(plan, from, to, k);
  },
};

serveTasks(handlers);

/** A record whose files can't even be opened is damaged like one whose bytes are wrong: named, and the others go on. */
function tryLoad(folder: string, name: string): { files: RecordFiles } | { health: RecordHealth } {
  try {
    return { files: loadRecord(folder, name) };
  } catch (error) {
    if (!(error instanceof EctopyError)) throw error;
    return { health: damagedRecord(name, error.message, error.fix) };
  }
}

/** Writes the very bytes that were verified. */
function store(files: RecordFiles, destination: string): StoredFile[] {
  const contents = new Map<string, Uint8Array>([
    [`${files.name}.hea`, Buffer.from(files.header, "latin1")],
    ...files.signals,
  ]);
  if (files.annotations) contents.set(`${files.name}.${files.annotator}`, files.annotations);
  return [...contents].map(([name, bytes]) => {
    const path = join(destination, name);
    try {
      writeFileSync(path, bytes);
    } catch (error) {
      throw systemError(error, `the copy of the recordings under ${dirname(destination)}`);
    }
    return { name, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  });
}

function shared(signal: Signal): Signal {
  const samples = new Int16Array(new SharedArrayBuffer(signal.samples.length * Int16Array.BYTES_PER_ELEMENT));
  samples.set(signal.samples);
  return { ...signal, samples };
}

/** The whole signal in physical units, denoised. Gaps are bridged by the baseline; no beat that is used touches one. */
function denoisedRecord(signal: Signal, settings: PrepareTasks["denoiseBeats"]["input"]["settings"]): Float64Array {
  const { length } = signal.samples;
  const physical = new Float64Array(length);
  physicalSamples(signal, 0, length, physical);
  for (let i = 0; i < length; i++) if (Number.isNaN(physical[i])) physical[i] = 0;
  createDenoiser(settings, length).denoise(physical, 0, physical, 0);
  return physical;
}
