/** Worker thread of an import or a preparation: it reads records, filters beats and searches neighbours. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Signal } from "../../contract/domain/recordings.ts";
import { planNeighbours } from "../../pipeline/beats/neighbour-plan.ts";
import { findNeighbours } from "../../pipeline/beats/neighbours.ts";
import { selectBeats } from "../../pipeline/beats/windows.ts";
import { generateSample, samplePatients } from "../../pipeline/recordings/sample/generate-sample.ts";
import { atRateOf } from "../../pipeline/recordings/read-source.ts";
import { inOrderOfTime, parseRecord } from "../../pipeline/recordings/wfdb/record.ts";
import { withSystemErrors } from "../../contract/domain/system-errors.ts";
import { denoiseBeats } from "./denoise-beats.ts";
import type { BeatTasks } from "./beat-tasks.ts";
import { groupTreeFolder } from "./find-recordings.ts";
import { inspectRecording } from "./inspect-recording.ts";
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

  groupFolder: ({ root, folder }) => groupTreeFolder(root, folder),

  inspectRecording,

  importRecord: storeFound,

  readBeats({ folder, name, annotator, signal: number, classMap, window }) {
    const { recording, annotations } = parseRecord(loadStoredRecord(folder, name, annotator), [number]);
    const signal = recording.signals[0];
    const beats = selectBeats(signal, atRateOf(signal, recording, inOrderOfTime(annotations)), classMap, window);
    return { beats, signal: shared(signal), rate: signal.rate };
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

function shared(signal: Signal): Signal {
  const buffer = new SharedArrayBuffer(signal.samples.byteLength);
  const samples = signal.samples instanceof Int16Array ? new Int16Array(buffer) : new Int32Array(buffer);
  samples.set(signal.samples);
  return { ...signal, samples };
}
