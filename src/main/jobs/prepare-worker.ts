/** A worker thread of an import or a preparation: reads records, denoises beats, searches neighbours. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EctopyError } from "../../contract/errors.ts";
import type { RecordHealth, Signal } from "../../contract/recordings.ts";
import { planNeighbours } from "../../pipeline/beats/neighbour-plan.ts";
import { findNeighbours } from "../../pipeline/beats/neighbours.ts";
import { selectBeats } from "../../pipeline/beats/windows.ts";
import { generateSample, samplePatients } from "../../pipeline/recordings/sample/generate-sample.ts";
import { damagedRecord } from "../../pipeline/recordings/wfdb/health.ts";
import { withoutPersonalText } from "../../pipeline/recordings/wfdb/personal-text.ts";
import { inOrderOfTime, parseRecord, readRecord, type RecordFiles } from "../../pipeline/recordings/wfdb/record.ts";
import { systemError, withSystemErrors } from "../../contract/system-errors.ts";
import { denoiseBeats } from "./denoise-beats.ts";
import { sha256, type StoredFile } from "../store/manifest.ts";
import type { PrepareTasks } from "./prepare-tasks.ts";
import { loadRecord } from "./record-files.ts";
import { contentsOf, loadStoredRecord } from "./stored-record.ts";
import { serveTasks, type TaskHandlers } from "./worker-pool.ts";

const handlers: TaskHandlers<PrepareTasks> = {
  makeSampleRecord({ seed, number, folder }) {
    const { files } = generateSample(samplePatients(seed)[number], seed);
    return withSystemErrors(`the sample recordings in ${folder}`, () => {
      for (const [file, bytes] of files) writeFileSync(join(folder, file), bytes);
    });
  },

  importRecord({ folder, name, destination, withoutComments }) {
    const loaded = tryLoad(folder, name);
    if ("health" in loaded) return { health: loaded.health, files: [] };
    const { health } = readRecord(loaded.files);
    if (!health.usable) return { health, files: [] };
    if (!withoutComments) return { health, files: store(loaded.files, destination) };
    return { health: { ...health, comments: [] }, files: store(withoutPersonalText(loaded.files), destination) };
  },

  readBeats({ folder, name, signal: number, labelMap, window }) {
    const { recording, annotations } = parseRecord(loadStoredRecord(folder, name), [number]);
    const signal = recording.signals[0];
    const beats = selectBeats(signal, inOrderOfTime(annotations), labelMap, window);
    return { beats, signal: shared(signal), rate: recording.rate };
  },

  denoiseBeats,

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

/** Writes a verified record's bytes down to the disk, so that nothing is left to wait for when the folder is named. */
function store(files: RecordFiles, destination: string): StoredFile[] {
  return [...contentsOf(files)].map(([name, bytes]) => {
    const path = join(destination, name);
    try {
      writeFileSync(path, bytes, { flush: true });
    } catch (error) {
      throw systemError(error, `the copy of the recordings under ${dirname(destination)}`);
    }
    return { name, bytes: bytes.length, sha256: sha256(bytes) };
  });
}

function shared(signal: Signal): Signal {
  const samples = new Int16Array(new SharedArrayBuffer(signal.samples.length * Int16Array.BYTES_PER_ELEMENT));
  samples.set(signal.samples);
  return { ...signal, samples };
}
